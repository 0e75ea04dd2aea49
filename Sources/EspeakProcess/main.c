// SPDX-License-Identifier: GPL-3.0-or-later
//
// rkvoice-espeak: text in, phonemes out, over stdin and stdout. It is a program of its own because it links espeak-ng,
// which is GPL-3.0-or-later; rkvoice only starts it and exchanges the messages below.
//
//   rkvoice-espeak [--data DIR]    DIR holds the folder espeak-ng-data; without it espeak-ng looks where Debian has it
//
// Every number is little-endian and unsigned. One answer per request, in order. The end of stdin ends the program, so
// it never outlives the one that started it. (PR_SET_PDEATHSIG would end it too early: it fires when the *thread* that
// started it ends, and threads of a pool come and go.)
//
//   start     out   u8 status, u32 length, length bytes
//                   status 0: espeak-ng is ready, the bytes are its version; 2: its data was not found (then it exits)
//   request   in    u32 voice length (1..64), u32 text length (0..65536), voice, text (UTF-8, no terminating zero)
//   answer    out   u8 status, u32 length, length bytes
//                   status 0: the clauses, one after the other: u32 end, u32 length, phonemes (IPA, UTF-8).
//                             `end` counts the bytes of text that espeak-ng had read after the clause: that is one
//                             character more than the clause, except at the end of the text.
//                   status 1: unknown voice (or a name with other characters than A-Z a-z 0-9 + - _);
//                   3: out of memory. The bytes are a message in English.
//
// A request outside these limits, or one cut short by the end of stdin, ends the program with exit code 2: after it the
// stream has no known position. Exit codes: 0 end of stdin, 1 espeak-ng does not start, 2 bad request or arguments.

#define _GNU_SOURCE  // closefrom

#include <espeak-ng/speak_lib.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { exit_done = 0, exit_not_ready = 1, exit_bad_request = 2 };
enum { status_ok = 0, status_unknown_voice = 1, status_no_data = 2, status_no_memory = 3 };
enum { voice_limit = 64, text_limit = 65536 };
// Bits of espeak_Initialize's options and espeak_TextToPhonemes' phoneme mode (see speak_lib.h).
enum { do_not_exit = 0x8000, ipa_names = 0x02 };

// The answer being built; it keeps its memory from one request to the next.
struct answer {
    unsigned char *bytes;
    size_t length;
    size_t capacity;
};

// Returns 1 when all bytes came, 0 at the end of the stream.
static int read_all(void *target, size_t length) {
    unsigned char *cursor = target;
    while (length > 0) {
        ssize_t count = read(STDIN_FILENO, cursor, length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        cursor += count;
        length -= (size_t)count;
    }
    return 1;
}

static int write_all(const void *source, size_t length) {
    const unsigned char *cursor = source;
    while (length > 0) {
        ssize_t count = write(STDOUT_FILENO, cursor, length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        cursor += count;
        length -= (size_t)count;
    }
    return 1;
}

static uint32_t decode_u32(const unsigned char *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void encode_u32(unsigned char *bytes, uint32_t value) {
    for (int index = 0; index < 4; index++) bytes[index] = (unsigned char)(value >> (8 * index));
}

static int send_answer(unsigned char status, const void *bytes, size_t length) {
    unsigned char head[5] = {status};
    encode_u32(head + 1, (uint32_t)length);
    return write_all(head, sizeof head) && write_all(bytes, length);
}

static int append_clause(struct answer *answer, uint32_t end, const char *phonemes) {
    size_t length = strlen(phonemes);
    size_t needed = answer->length + 8 + length;
    if (needed > answer->capacity) {
        unsigned char *grown = realloc(answer->bytes, needed * 2);
        if (!grown) return 0;
        answer->bytes = grown;
        answer->capacity = needed * 2;
    }
    encode_u32(answer->bytes + answer->length, end);
    encode_u32(answer->bytes + answer->length + 4, (uint32_t)length);
    memcpy(answer->bytes + answer->length + 8, phonemes, length);
    answer->length = needed;
    return 1;
}

// espeak-ng takes some control characters for commands (Ctrl-A) and zero for the end of the text, and version 1.51
// crashes on U+0558, an unassigned neighbor of the Armenian letters. Blanks of the same size keep the offsets true.
static void blank_what_harms(char *text, size_t length) {
    for (size_t index = 0; index < length; index++) {
        unsigned char byte = (unsigned char)text[index];
        if ((byte < 0x20 && byte != '\n') || byte == 0x7f) text[index] = ' ';
        if (byte == 0xd5 && (unsigned char)text[index + 1] == 0x98) memset(text + index, ' ', 2);
    }
}

// espeak-ng makes a file name of the voice: nothing that could lead out of its folder.
static int is_voice_name(const char *voice, size_t length) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_";
    return strspn(voice, allowed) == length;
}

// espeak-ng keeps a character of look-ahead between calls, so a text is always read to its end, even out of memory.
static int translate(char *text, size_t length, struct answer *answer) {
    const void *cursor = text;
    int complete = 1;
    answer->length = 0;
    while (cursor) {
        const char *phonemes = espeak_TextToPhonemes(&cursor, espeakCHARS_UTF8, ipa_names);
        size_t end = cursor ? (size_t)((const char *)cursor - text) : length;
        if (complete) complete = append_clause(answer, (uint32_t)end, phonemes ? phonemes : "");
    }
    return complete;
}

// Choosing a voice leaks 1.3 KB in espeak-ng 1.51, so it is only done when the voice changes. The phonemes are the same
// as if it were chosen anew each time (12,000 random texts in three languages).
static int choose_voice(const char *voice) {
    static char current[voice_limit + 1];
    if (strcmp(voice, current) == 0) return 1;
    current[0] = 0;
    if (espeak_SetVoiceByName(voice) != EE_OK) return 0;
    strcpy(current, voice);
    return 1;
}

static int respond(
    const char *voice, size_t voice_length, char *text, size_t length, struct answer *answer
) {
    if (!is_voice_name(voice, voice_length) || !choose_voice(voice)) {
        static const char message[] = "espeak-ng has no such voice";
        return send_answer(status_unknown_voice, message, sizeof message - 1);
    }
    blank_what_harms(text, length);
    if (!translate(text, length, answer)) {
        static const char message[] = "out of memory";
        return send_answer(status_no_memory, message, sizeof message - 1);
    }
    return send_answer(status_ok, answer->bytes, answer->length);
}

static int serve(void) {
    static char voice[voice_limit + 1], text[text_limit + 1];
    struct answer answer = {0};
    unsigned char head[8];
    int code = exit_done;
    while (code == exit_done && read_all(head, 1)) {
        code = exit_bad_request;
        if (!read_all(head + 1, sizeof head - 1)) break;
        uint32_t voice_length = decode_u32(head), text_length = decode_u32(head + 4);
        if (voice_length < 1 || voice_length > voice_limit || text_length > text_limit) break;
        if (!read_all(voice, voice_length) || !read_all(text, text_length)) break;
        voice[voice_length] = 0;
        text[text_length] = 0;
        if (!respond(voice, voice_length, text, text_length, &answer)) break;
        code = exit_done;
    }
    free(answer.bytes);
    return code;
}

int main(int count, char **arguments) {
    // Not all of a host's descriptors close on exec: Foundation's pipes do not, and whoever waits for the end of such a
    // pipe would wait as long as this program lives. (closefrom is in glibc since 2.34.)
    closefrom(STDERR_FILENO + 1);
    const char *data = NULL;
    if (count == 3 && strcmp(arguments[1], "--data") == 0) {
        data = arguments[2];
    } else if (count != 1) {
        fputs("usage: rkvoice-espeak [--data DIR]\n", stderr);
        return exit_bad_request;
    }
    // espeak-ng looks for a sound server although nothing will be played, and the client library of that server would
    // make a folder in the user's home. A place that cannot exist keeps it from that.
    setenv("PULSE_RUNTIME_PATH", "/dev/null/none", 1);
    // espeak_Initialize succeeds without its data, so ask for a voice that the data always has.
    int rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data, do_not_exit);
    if (rate < 0 || espeak_SetVoiceByName("en") != EE_OK) {
        static const char message[] = "espeak-ng did not find its data";
        send_answer(status_no_data, message, sizeof message - 1);
        return exit_not_ready;
    }
    const char *path;
    const char *version = espeak_Info(&path);
    if (!send_answer(status_ok, version, strlen(version))) return exit_not_ready;
    int code = serve();
    espeak_Terminate();
    return code;
}
