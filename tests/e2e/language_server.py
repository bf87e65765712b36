"""A client of yaml-language-server: the Language Server Protocol over a child's standard streams."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Message = dict[str, Any]


class LanguageServer:
    """``with LanguageServer(command, folder) as server``. Every wait ends with an answer, or with
    the end of the child's output, which is an error."""

    def __init__(self, command: str, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        self.told: dict[str, list[Message]] = {}  # uri -> the diagnostics said last
        self.child = subprocess.Popen(
            [command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def __enter__(self) -> Self:
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}},
        }
        self.ask(
            "initialize", processId=None, rootUri=self.folder.as_uri(), capabilities=capabilities
        )
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.child.kill()
        self.child.wait()

    def open(self, path: str, text: str) -> str:
        """Open a file with this text in the editor; its URI. Each has a name of its own, or what
        is said late of one that was closed would be taken for the next."""
        self.number += 1
        uri = (self.folder / path).with_suffix(f".{self.number}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": self.number, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        return uri

    def close(self, uri: str) -> None:
        self.told.pop(uri, None)
        self._send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})

    def diagnostics(self, path: str, text: str) -> list[tuple[int, int, str]]:
        """(line, column, message) of each, counted from 1."""
        uri = self.open(path, text)
        while uri not in self.told:
            self._receive()
        found = self.told[uri]
        self.close(uri)
        return [
            (d["range"]["start"]["line"] + 1, d["range"]["start"]["character"] + 1, d["message"])
            for d in found
        ]

    def complete(self, path: str, text: str) -> set[str]:
        """What is offered at the ``|`` in the text."""
        before, _, after = text.partition("|")
        uri = self.open(path, before + after)
        lines = before.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        found = self.ask("textDocument/completion", textDocument={"uri": uri}, position=position)
        self.close(uri)
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"] for item in items}

    def hover(self, path: str, text: str) -> str:
        """What is said of the word at the ``|``."""
        before, _, after = text.partition("|")
        uri = self.open(path, before + after)
        lines = before.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        found = self.ask("textDocument/hover", textDocument={"uri": uri}, position=position)
        self.close(uri)
        return str(found["contents"]["value"]) if found else ""

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        while True:
            answer = self._receive()
            if answer.get("id") == number and "method" not in answer:
                assert "error" not in answer, answer
                return answer["result"]

    def _send(self, message: Message) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.child.stdin is not None
        self.child.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.child.stdin.flush()

    def _receive(self) -> Message:
        """The next message; what the server asks for is answered, what it tells is kept."""
        assert self.child.stdout is not None
        length = 0
        while (line := self.child.stdout.readline()) != b"\r\n":
            assert line, "the language server has ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        message: Message = json.loads(self.child.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.told[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and "method" in message:
            wanted = message.get("params", {}).get("items", [])
            result = [_settings(one.get("section")) for one in wanted] if wanted else None
            self._send({"id": message["id"], "result": result})
        return message


def _settings(section: str | None) -> Message | None:
    """No catalogue from the network, everything else as it comes."""
    if section == "yaml":
        return {
            "schemaStore": {"enable": False}, "validate": True, "completion": True, "hover": True,
        }  # fmt: skip
    return {} if section else None
