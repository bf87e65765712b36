"""Reading files: bytes to text, YAML to nodes with positions, front matter to a record.

What is wrong on the way is a Problem with its place and, where it can be, its mending; nothing
people write raises. Writing is `core.edit`'s. Import from the modules: `codec.record`
(`read_record`, `locate`), `codec.compose` (`compose`, `examine`), `codec.text`, `codec.body`.
"""
