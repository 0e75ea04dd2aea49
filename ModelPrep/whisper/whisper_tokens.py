"""The vocabulary of a Whisper model: token bytes and special tokens, from its tokenizer.json."""
import re
import struct

from preparation import PreparationError, read_json

#: Whisper's own code for Javanese, withdrawn from ISO 639-1, and its replacement.
LANGUAGE_CODES = {"jw": "jv"}
#: The last tokens, which no tokenizer.json lists: 0 to 30 seconds in steps of 20 ms.
TIMESTAMPS = 1501


def byte_of_character():
    """The table of byte-level BPE: printable Latin-1 stands for itself, the other bytes for U+0100 upward."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    table = {chr(byte): byte for byte in printable}
    table.update({chr(0x100 + index): byte for index, byte in enumerate(others)})
    return table


class Vocabulary:
    """Ordinary tokens by id as bytes, special tokens by content as ids."""

    def __init__(self, path, size):
        tokenizer = read_json(path)
        try:
            ordinary, added = tokenizer["model"]["vocab"], tokenizer["added_tokens"]
            self.special = {token["content"]: token["id"] for token in added}
            table = byte_of_character()
            self.bytes = {
                index: bytes(table[character] for character in text)
                for text, index in ordinary.items()
                if text not in self.special
            }
        except (KeyError, TypeError):
            raise PreparationError(f"{path}: not a byte-level BPE tokenizer; is it Whisper's?") from None
        self.path, self.size = path, size
        if self.id("<|notimestamps|>") + 1 + TIMESTAMPS != size or max(self.bytes, default=0) >= size:
            raise PreparationError(f"{path}: not the tokenizer of this model.bin ({size} tokens); fetch both again")

    def id(self, *names):
        """The id of a special token; `names` are its spellings."""
        for name in names:
            if name in self.special:
                return self.special[name]
        raise PreparationError(f"{self.path}: no token {names[0]}; is it Whisper's?")

    def languages(self):
        """Language tokens in the model's order, by ISO 639 code."""
        first, last = self.id("<|startoftranscript|>"), self.id("<|translate|>")
        found = {}
        for name, index in sorted(self.special.items(), key=lambda item: item[1]):
            match = re.fullmatch(r"<\|([a-z]{2,3})\|>", name)
            if match and first < index < last:
                found[LANGUAGE_CODES.get(match[1], match[1])] = index
        return found

    def packed(self):
        """For each id a u16 length (little-endian) and so many bytes; special tokens have none."""
        out = bytearray()
        for index in range(self.size):
            data = self.bytes.get(index, b"")
            out += struct.pack("<H", len(data)) + data
        return bytes(out)
