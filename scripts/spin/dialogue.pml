/*
 * Taking turns, as Sources/Conversation/Dialogue/TurnMachine*.swift does it: one machine, and beside it a client, a
 * recognizer, a language model and a voice that say what they like as often as they like: late, never, or after they were
 * cancelled. There are no times: a time-out is due at any moment at which the machine waits for something. README.md says
 * what is left out.
 *
 * Checked: every turn that is opened ends once, and none is lost; nothing is forwarded of a turn that has ended; there are
 * never two answers or two sentences at once; and wherever everybody else falls silent, the machine goes on until it has
 * closed. Dialogues of any length: the number of a turn is used again when nothing that it belonged to is left.
 */

#define ROOM 3         /* pieces of one answer; a further one is cut off */
#define HELD 2         /* sentences that wait for the voice before the language model is held back */
#define TURNS 7        /* numbers of turns, and 0 for none: three at work, one fresh, two still in channels */

mtype = { question, pressing_question, words, words_ended, abort, input_ended, hang_up,
          speech, text, no_text, recognition_ended, recognition_failed,
          delta, sentence, answer_ended, answer_failed, sound, sentence_spoken, voice_failed };

chan client = [1] of { mtype };
chan hearing = [1] of { mtype };
/* With the turn that they belong to. A cancelled turn's may still be in here: the machine has to know them. */
chan answer = [1] of { mtype, byte };
chan voice = [1] of { mtype, byte };

/* Whom the language model answers and the voice speaks for; 0 is nobody, and cancels. */
byte answering = 0;
byte speaking = 0;
/* Whether they do: they may hang. */
bool answers = false;
bool speaks = false;

bool at_work[TURNS];
bool closed = false;

proctype Client() {
    do
    :: closed -> break
    :: atomic { !closed && nfull(client) ->
        if
        :: client ! question
        :: client ! pressing_question
        :: client ! words
        :: client ! words_ended
        :: client ! abort
        fi }
    :: atomic { !closed && nfull(client) -> client ! input_ended; break }
    :: atomic { !closed && nfull(client) -> client ! hang_up; break }
    od
}

proctype Recognizer() {
    do
    :: closed -> break
    :: atomic { !closed && nfull(hearing) ->
        if
        :: hearing ! speech
        :: hearing ! text
        :: hearing ! no_text
        fi }
    :: atomic { !closed && nfull(hearing) -> hearing ! recognition_ended; break }
    :: atomic { !closed && nfull(hearing) -> hearing ! recognition_failed; break }
    :: !closed -> break /* hangs */
    od
}

proctype Model() {
    do
    :: closed -> break
    :: atomic { !closed && answers && nfull(answer) ->
        if
        :: answer ! delta, answering
        :: answer ! sentence, answering
        :: answer ! answer_ended, answering; answers = false
        :: answer ! answer_failed, answering; answers = false
        :: answers = false /* hangs until it is cancelled */
        fi }
    od
}

proctype Voice() {
    do
    :: closed -> break
    :: atomic { !closed && speaks && nfull(voice) ->
        if
        :: voice ! sound, speaking
        :: voice ! sentence_spoken, speaking; speaks = false
        :: voice ! voice_failed, speaking; speaks = false
        :: speaks = false /* hangs until it is cancelled */
        fi }
    od
}

/* The machine. `current` is answered, `utterance` is heard, `waiting` waits; 0 is none. */
byte current = 0;
byte utterance = 0;
byte waiting = 0;
/* Whether a turn's words come from the client, to be spoken as they are, and whether more of them may come. */
bool current_is_words = false;
bool waiting_is_words = false;
bool waiting_is_open = false;
/* The answer: deltas taken, whole sentences that wait, a sentence that is not whole yet, and whether it is all there. */
byte taken = 0;
byte sentences = 0;
bool has_rest = false;
bool answer_over = true;
bool input_over = false;
bool recognition_over = false;

/* A number that nothing has any more, in no channel either. */
inline open(turn) {
    turn = 1;
    do
    :: turn < TURNS && (at_work[turn] || answer ?? [_, eval(turn)] || voice ?? [_, eval(turn)]) -> turn++
    :: else -> break
    od;
    assert(turn < TURNS);
    at_work[turn] = true
}

inline end(turn) { assert(turn != 0 && at_work[turn]); at_work[turn] = false }

inline stop_answer() { answering = 0; answers = false }

inline stop_voice() { speaking = 0; speaks = false }

inline end_reply() {
    if
    :: current != 0 ->
        end(current); current = 0; current_is_words = false; stop_answer(); stop_voice();
        taken = 0; sentences = 0; has_rest = false; answer_over = true
    :: else
    fi
}

inline end_utterance() {
    if
    :: utterance != 0 -> end(utterance); utterance = 0
    :: else
    fi
}

inline end_waiting() {
    if
    :: waiting != 0 -> end(waiting); waiting = 0; waiting_is_words = false; waiting_is_open = false
    :: else
    fi
}

/* All of the answer is there; one without a word is a failure. */
inline end_answer() {
    if
    :: current != 0 && !answer_over && taken == 0 -> end_reply()
    :: current != 0 && !answer_over && taken != 0 ->
        answer_over = true; stop_answer();
        if
        :: has_rest -> has_rest = false; sentences++
        :: else
        fi
    :: else
    fi
}

inline begin(turn) {
    assert(turn != 0 && current == 0 && answering == 0 && speaking == 0 && at_work[turn]);
    current = turn; answer_over = false;
    answering = turn; answers = true
}

inline begin_waiting() {
    assert(current == 0 && answering == 0 && speaking == 0 && at_work[waiting]);
    current = waiting; current_is_words = waiting_is_words; answer_over = false;
    if
    :: waiting_is_words ->
        taken = 1; has_rest = true;
        if
        :: !waiting_is_open -> end_answer()
        :: else
        fi
    :: else -> answering = current; answers = true
    fi;
    waiting = 0; waiting_is_words = false; waiting_is_open = false
}

inline close_all() {
    end_reply(); end_utterance(); end_waiting(); closed = true
}

/* Of what waits, words of the client's go with the reply. */
inline interrupt() {
    end_reply();
    if
    :: waiting_is_words -> end_waiting()
    :: else
    fi
}

/* Only the last of all turns can be open. */
inline end_words() {
    if
    :: waiting != 0 -> waiting_is_open = false
    :: waiting == 0 && current_is_words -> end_answer()
    :: else
    fi
}

inline wait(turn, is_words) {
    if
    :: waiting == 0 -> end_words(); waiting = turn; waiting_is_words = is_words; waiting_is_open = is_words
    :: else -> end(turn) /* too many wait */
    fi
}

/* What has become possible. */
inline settle() {
    do
    :: !closed && current != 0 && speaking == 0 && sentences > 0 -> sentences--; speaking = current; speaks = true
    :: !closed && current != 0 && speaking == 0 && sentences == 0 && answer_over -> end_reply()
    :: !closed && current == 0 && utterance == 0 && waiting != 0 -> begin_waiting()
    :: !closed && current == 0 && utterance == 0 && waiting == 0 && input_over && recognition_over -> close_all()
    :: else -> break
    od;
    assert(at_work[1] + at_work[2] + at_work[3] + at_work[4] + at_work[5] + at_work[6] ==
        (current != 0) + (utterance != 0) + (waiting != 0)); /* none is lost */
    assert((answering == 0 || answering == current) && (speaking == 0 || speaking == current))
}

inline obey(event) {
    if
    :: event == question -> open(fresh); wait(fresh, false)
    :: event == pressing_question -> open(fresh); interrupt(); wait(fresh, false)
    :: event == words ->
        if
        :: waiting_is_open -> skip /* more of them */
        :: !waiting_is_open && current_is_words && !answer_over -> has_rest = true
        :: else -> open(fresh); wait(fresh, true)
        fi
    :: event == words_ended -> end_words()
    :: event == abort -> end_reply(); end_waiting()
    :: event == input_ended -> input_over = true; end_words()
    :: event == hang_up -> close_all()
    fi
}

inline hear(event) {
    if
    :: event == speech ->
        if
        :: utterance == 0 -> open(utterance)
        :: else
        fi;
        interrupt()
    :: event == text ->
        if
        :: utterance == 0 -> open(fresh)
        :: else -> fresh = utterance; utterance = 0
        fi;
        interrupt(); begin(fresh)
    :: event == no_text -> end_utterance()
    :: event == recognition_ended -> recognition_over = true; end_utterance()
    :: event == recognition_failed -> recognition_over = true; close_all()
    fi
}

inline take_answer(event, turn) {
    if
    :: turn != current || current_is_words || answer_over /* of a turn that is over */
    :: else ->
        if
        :: (event == delta || event == sentence) && taken == ROOM -> end_answer() /* the limit of an answer */
        :: event == delta && taken < ROOM -> taken++; has_rest = true
        :: event == sentence && taken < ROOM -> taken++; has_rest = false; sentences++
        :: event == answer_ended -> end_answer()
        :: event == answer_failed -> end_answer() /* what is there is spoken */
        fi
    fi
}

inline take_sound(event, turn) {
    if
    :: turn != current || speaking == 0 /* thrown away */
    :: else ->
        if
        :: event == sound -> assert(at_work[turn] && speaking == turn) /* forwarded */
        :: event == sentence_spoken -> stop_voice()
        :: event == voice_failed -> end_reply()
        fi
    fi
}

proctype Machine() {
    mtype event;
    byte turn;
    byte fresh;
    do
    :: closed -> break
    :: atomic { !closed && client ? [event] ->
        d_step { client ? event; obey(event); settle(); event = 0; fresh = 0 } }
    :: atomic { !closed && hearing ? [event] ->
        d_step { hearing ? event; hear(event); settle(); event = 0; fresh = 0 } }
    /* Not while the voice has enough to do. */
    :: atomic { !closed && sentences < HELD && answer ? [event, turn] ->
        d_step { answer ? event, turn; take_answer(event, turn); settle(); event = 0; turn = 0 } }
    :: atomic { !closed && voice ? [event, turn] ->
        d_step { voice ? event, turn; take_sound(event, turn); settle(); event = 0; turn = 0 } }
    /* The time-outs: nothing comes of an utterance, no more of an answer, no more sound, no end of the recognizer. */
    :: atomic { !closed && utterance != 0 -> d_step { end_utterance(); settle(); event = 0 } }
    :: atomic { !closed && current != 0 && !answer_over && sentences < HELD -> d_step { end_answer(); settle(); event = 0 } }
    :: atomic { !closed && current != 0 && speaking != 0 -> d_step { end_reply(); settle(); event = 0 } }
    :: atomic { !closed && input_over && !recognition_over && current == 0 && utterance == 0 -> d_step { close_all() } }
    od;
    assert(current == 0 && utterance == 0 && waiting == 0 && answering == 0 && speaking == 0)
}

init { atomic { run Machine(); run Client(); run Recognizer(); run Model(); run Voice() } }
