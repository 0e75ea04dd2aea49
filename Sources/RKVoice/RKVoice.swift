// What a user of the library sees beside this room's own types: chunks, transcripts, voices, errors, narrations.
@_exported public import Conversation
@_exported public import Speech
