/*
 * Taking turns, as Sources/Conversation/Dialogue does it: one machine, and beside it a client, a recognizer, a language
 * model and a voice that answer late, never, or after they were cancelled. Times are left out: a time-out is due
 * exactly when nothing else can happen.
 *
 * Checked: every turn that is opened ends once; nothing is forwarded of a turn that has ended; there are never two answers
 * or two sentences at once; and no process is left waiting at the end. All that happens is finite, so this means that the
 * dialogue always closes.
 */

#define QUESTIONS 2    /* typed */
#define UTTERANCES 2   /* spoken */
#define PIECES 3       /* of an answer, and of all sound */
#define TURNS 8        /* more than can be opened; turn 0 is none */

mtype = { question, words_aborted, input_ended, speech, text, no_text, recognition_ended,
          delta, answer_ended, answer_failed, sound, sentence_spoken, voice_failed };

chan client = [1] of { mtype };
chan hearing = [1] of { mtype };
/* With the turn that they belong to. A cancelled turn's may still be in here: the machine has to know them. */
chan answer = [1] of { mtype, byte };
chan voice = [1] of { mtype, byte };

/* Whom the model answers and the voice speaks for; 0 cancels. */
byte answering = 0;
byte speaking = 0;
/* Counts the sentences that were given to the voice. */
byte sentence = 0;

byte turns = 0;
bool ended[TURNS];
bool closed = false;

proctype Client() {
    byte left = QUESTIONS;
    do
    :: left > 0 && !closed -> left--; client ! question
    :: !closed -> client ! words_aborted; break
    :: break
    od;
    do
    :: closed -> break
    :: !closed && nfull(client) -> client ! input_ended; break
    od
}

proctype Recognizer() {
    byte left = UTTERANCES;
    do
    :: left > 0 -> left--;
        if
        :: closed -> break
        :: hearing ! speech
        fi;
        if
        :: closed -> break
        :: hearing ! text
        :: hearing ! no_text
        :: skip /* nothing comes of it */
        fi
    :: break
    od;
    if
    :: closed
    :: hearing ! recognition_ended
    fi
}

/* Answers whoever is to be answered, or hangs. */
proctype Model() {
    byte turn;
    byte left;
    do
    :: closed -> break
    :: answering != 0 && nfull(answer) -> turn = answering; left = PIECES;
        do
        :: closed -> break
        :: answering != turn -> break
        :: answering == turn && nfull(answer) ->
            if
            :: left > 0 -> left--; answer ! delta, turn
            :: answer ! answer_ended, turn; (answering != turn || closed); break
            :: answer ! answer_failed, turn; (answering != turn || closed); break
            :: (answering != turn || closed); break /* hangs until it is cancelled */
            fi
        od
    od
}

proctype Voice() {
    byte turn;
    byte mine = 0;
    byte left = PIECES;
    do
    :: closed -> break
    :: speaking != 0 && sentence != mine -> turn = speaking; mine = sentence;
        do
        :: closed -> break
        :: speaking == 0 || sentence != mine -> break
        :: speaking != 0 && sentence == mine && nfull(voice) ->
            if
            :: left > 0 -> left--; voice ! sound, turn
            :: voice ! sentence_spoken, turn; (speaking == 0 || sentence != mine || closed); break
            :: voice ! voice_failed, turn; (speaking == 0 || sentence != mine || closed); break
            :: (speaking == 0 || sentence != mine || closed); break /* hangs until it is cancelled */
            fi
        od
    od
}

/* The machine. `current` is answered, `utterance` is heard, `waiting` waits; 0 is none. */
byte current = 0;
byte utterance = 0;
byte waiting = 0;
byte sentences = 0;
bool answer_over = false;
bool input_over = false;
bool recognition_over = false;

inline open(turn) { turns++; assert(turns < TURNS); turn = turns }

inline end(turn) { assert(turn != 0 && !ended[turn]); ended[turn] = true }

inline end_reply() {
    if
    :: current != 0 -> end(current); current = 0; answering = 0; speaking = 0; sentences = 0
    :: else
    fi
}

inline end_utterance() {
    if
    :: utterance != 0 -> end(utterance); utterance = 0
    :: else
    fi
}

inline begin(turn) {
    assert(current == 0 && answering == 0 && speaking == 0 && !ended[turn]);
    current = turn; answering = turn; answer_over = false; sentences = 0
}

inline close_all() {
    end_reply(); end_utterance();
    if
    :: waiting != 0 -> end(waiting); waiting = 0
    :: else
    fi;
    closed = true
}

/* What has become possible. */
inline settle() {
    do
    :: current != 0 && speaking == 0 && sentences > 0 -> sentences--; sentence++; speaking = current
    :: current != 0 && speaking == 0 && sentences == 0 && answer_over -> end_reply()
    :: current == 0 && utterance == 0 && waiting != 0 -> begin(waiting); waiting = 0
    :: current == 0 && utterance == 0 && waiting == 0 && input_over && recognition_over && !closed -> close_all()
    :: else -> break
    od
}

inline obey(event) {
    if
    :: event == question -> open(fresh);
        if
        :: waiting == 0 -> waiting = fresh
        :: else -> end(fresh) /* too many wait */
        fi
    :: event == words_aborted -> end_reply();
        if
        :: waiting != 0 -> end(waiting); waiting = 0
        :: else
        fi
    :: event == input_ended -> input_over = true
    fi
}

inline hear(event) {
    if
    :: event == speech ->
        if
        :: utterance == 0 -> open(utterance)
        :: else
        fi;
        end_reply()
    :: event == text ->
        if
        :: utterance == 0 -> open(fresh)
        :: else -> fresh = utterance; utterance = 0
        fi;
        end_reply(); begin(fresh)
    :: event == no_text -> end_utterance()
    :: event == recognition_ended -> recognition_over = true; end_utterance()
    fi
}

inline take_answer(event, turn) {
    if
    :: turn != current || answer_over /* of a turn that is over */
    :: turn == current && !answer_over ->
        if
        :: event == delta && sentences < 2 -> sentences++
        :: event == delta && sentences == 2 -> answer_over = true; answering = 0 /* the limit of an answer */
        :: event == answer_ended -> answer_over = true; answering = 0
        :: event == answer_failed -> answer_over = true; answering = 0 /* what is there is spoken */
        fi
    fi
}

inline take_sound(event, turn) {
    if
    :: turn != current || speaking != turn /* thrown away */
    :: turn == current && speaking == turn ->
        if
        :: event == sound -> assert(!ended[turn]) /* forwarded */
        :: event == sentence_spoken -> speaking = 0
        :: event == voice_failed -> end_reply()
        fi
    fi
}

/* Due when nothing else can happen; one of the stages must be the one that is waited for. */
inline expire() {
    if
    :: utterance != 0 -> end_utterance()
    :: else ->
        assert(current != 0);
        if
        :: speaking != 0 -> end_reply()
        :: speaking == 0 && answering != 0 -> answer_over = true; answering = 0
        fi
    fi
}

proctype Machine() {
    mtype event;
    byte turn;
    byte fresh;
    do
    :: closed -> break
    :: !closed ->
        if
        :: atomic { client ? event -> obey(event); settle(); turn = 0; fresh = 0 }
        :: atomic { hearing ? event -> hear(event); settle(); turn = 0; fresh = 0 }
        :: atomic { answer ? event, turn -> take_answer(event, turn); settle(); turn = 0; fresh = 0 }
        :: atomic { voice ? event, turn -> take_sound(event, turn); settle(); turn = 0; fresh = 0 }
        :: atomic { timeout -> expire(); settle() }
        fi
    od;
    assert(current == 0 && utterance == 0 && waiting == 0);
    turn = turns;
    do
    :: turn > 0 -> assert(ended[turn]); turn--
    :: else -> break
    od
}

init { atomic { run Machine(); run Client(); run Recognizer(); run Model(); run Voice() } }
