// What a user of the library sees beside this room's own types: chunks, transcripts, voices, errors.
@_exported public import Speech
