"""Whisper's encoder and decoder as ONNX graphs, from the variables of a CTranslate2 model.

The architecture is that of "Robust Speech Recognition via Large-Scale Weak Supervision" (Radford et al., 2022) and
its reference implementation, openai/whisper model.py. d = H heads x D, L decoder layers, V tokens:

encoder  mel [1,80,frames] (10 ms each) -> cross_k_i [1,H,D,T], cross_v_i [1,H,T,D] for each decoder layer, T = frames/2
decoder  tokens [1,n], past_k_i and past_v_i [1,H,P,D], cross_k_i, cross_v_i
         -> logits [1,V] of the last token, k_i and v_i [1,H,P+n,D]
            and with alignment heads (layer, head), A of them: attention [1,A,n,T], the scores of these heads before the
            softmax, by which words are timed

The projection of the audio to cross-attention keys and values is in the encoder, so that a decoding step does not
repeat it. Keys and values are one value per layer, so that a step copies none but its own.

Inputs that may be left out, for windows whose silence is thinned (Sources/SpeechModels/Whisper/AudioContext.swift):
positions [T], the place of each position of the encoder in the window, and bias [T], what is added to the scores of the
attention to it, in both graphs. Left out, they are 0, 1, 2 ... and 0: compilers take them for constants.
"""
import numpy as np
from onnx import TensorProto

from preparation import PreparationError
from onnx_graph import Graph

#: nn.LayerNorm's default in the reference implementation.
EPSILON = 1e-5
#: Added to the score of a later token: exp() of it is zero.
MASKED = -1e9


class Dimensions:
    """The sizes of a model, read from the shapes of its variables."""

    def __init__(self, variables):
        def layers(part):
            suffix = "/self_attention/linear_0/weight"
            return sum(name.startswith(part) and name.endswith(suffix) for name in variables)

        self.vocabulary, self.state = variables["decoder/embeddings/weight"].shape
        self.mels = variables["encoder/conv1/weight"].shape[1]
        self.audio_context = variables["encoder/position_encodings/encodings"].shape[0]
        self.text_context = variables["decoder/position_encodings/encodings"].shape[0]
        self.heads = int(variables["decoder/num_heads"])
        self.head_size = self.state // self.heads
        self.encoder_layers, self.decoder_layers = layers("encoder/"), layers("decoder/")


class WhisperGraph(Graph):
    """The layers that encoder and decoder share."""

    def __init__(self, variables, quantized, many_rows):
        super().__init__(quantized, many_rows)
        self.variables, self.size = variables, Dimensions(variables)

    def array(self, name):
        array = self.variables[name]
        if array.dtype not in (np.float16, np.float32):
            raise PreparationError(f"{name} is {array.dtype}: take a float16 or float32 model, not a quantized one")
        return array

    def float32(self, name):
        return self.array(name).astype(np.float32)

    def norm(self, x, name, readers):
        """Layer normalization; `readers` names all weights that read its result."""
        gamma, beta = self.float32(name + "/gamma"), self.float32(name + "/beta")
        factors = np.float32(1)
        if self.quantized:
            factors = self.smoothed(gamma, beta, [self.array(reader) for reader in readers])
        y = self.LayerNormalization(x, gamma / factors, beta / factors, axis=-1, epsilon=EPSILON)
        self.smoothing[y] = factors
        return y

    def project(self, x, name, part=slice(None), scale=1.0):
        """One of the projections that CTranslate2 stacks by rows: `part` selects its rows."""
        return self.linear(x, self.array(name + "/weight")[part], self.float32(name + "/bias")[part], scale)

    def gelu(self, x):
        """The exact GELU, in the form that runtimes know as one operation."""
        return self.Mul(self.Mul(x, 0.5), self.Add(self.Erf(self.Div(x, 2**0.5)), 1.0))

    def split_heads(self, x, order=(0, 2, 1, 3)):
        """[1,n,H·D] -> [1,H,n,D]; with order (0,2,3,1) -> [1,H,D,n]."""
        return self.Transpose(self.Reshape(x, np.array([1, -1, self.size.heads, self.size.head_size])), perm=order)

    def part(self, index):
        """Rows of the query (0), key (1) or value (2) in a stacked projection."""
        return slice(index * self.size.state, (index + 1) * self.size.state)

    def query_key_value(self, x, name):
        """The three projections of self-attention; queries carry the 1/sqrt(D) of scaled attention."""
        scales = (self.size.head_size**-0.5, 1.0, 1.0)
        return [self.project(x, name, self.part(index), scale) for index, scale in enumerate(scales)]

    def first(self, x, length):
        """The first `length` values of x."""
        return self.Slice(x, np.array([0]), length, np.array([0]))

    def bias(self, length):
        """What is added to the scores of the attention to each of `length` positions of the audio."""
        return self.first(self.optional_input("bias", np.zeros(self.size.audio_context, np.float32), "context"), length)

    def attend(self, query, key, value, mask=None):
        """softmax(query · key + mask) · value, heads joined; key is [1,H,D,n]."""
        scores = self.MatMul(query, key)
        if mask:
            scores = self.Add(scores, mask)
        return self.weighted(scores, value)

    def weighted(self, scores, value):
        """softmax(scores) · value, heads joined."""
        joined = self.Transpose(self.MatMul(self.Softmax(scores, axis=-1), value), perm=(0, 2, 1, 3))
        return self.Reshape(joined, np.array([1, -1, self.size.state]))

    def feed_forward(self, x, name):
        y = self.project(self.norm(x, name + "/layer_norm", [name + "/linear_0/weight"]), name + "/linear_0")
        return self.Add(x, self.project(self.gelu(y), name + "/linear_1"))

    def attention_inputs(self, x, name):
        """Queries, keys and values of self-attention over x."""
        y = self.norm(x, name + "/layer_norm", [name + "/linear_0/weight"])
        return self.query_key_value(y, name + "/linear_0")


def encoder(variables, quantized):
    """The encoder graph; it takes any even number of frames up to twice the audio context."""
    g = WhisperGraph(variables, quantized, many_rows=True)
    size = g.size
    x = g.input("mel", [1, size.mels, "frames"])
    for name, stride in (("encoder/conv1", 1), ("encoder/conv2", 2)):
        weight, bias = g.float32(name + "/weight"), g.float32(name + "/bias")
        x = g.gelu(g.Conv(x, weight, bias, pads=[1, 1], strides=[stride]))
    x = g.Transpose(x, perm=(0, 2, 1))
    table = g.float32("encoder/position_encodings/encodings")
    length = g.Shape(x, start=1, end=2)
    x = g.Add(x, g.Gather(table, g.first(g.optional_input("positions", np.arange(len(table)), "context"), length)))
    bias = g.bias(length)
    for layer in range(size.encoder_layers):
        name = f"encoder/layer_{layer}/self_attention"
        q, k, v = g.attention_inputs(x, name)
        y = g.attend(g.split_heads(q), g.split_heads(k, (0, 2, 3, 1)), g.split_heads(v), bias)
        x = g.Add(x, g.project(y, name + "/linear_1"))
        x = g.feed_forward(x, f"encoder/layer_{layer}/ffn")
    crossings = [f"decoder/layer_{layer}/attention/linear_1" for layer in range(size.decoder_layers)]
    x = g.norm(x, "encoder/layer_norm", [name + "/weight" for name in crossings])
    for layer, name in enumerate(crossings):
        key, value = g.project(x, name, g.part(0)), g.project(x, name, g.part(1))
        g.output(g.split_heads(key, (0, 2, 3, 1)), f"cross_k_{layer}", [1, size.heads, size.head_size, "context"])
        g.output(g.split_heads(value), f"cross_v_{layer}", [1, size.heads, "context", size.head_size])
    return g


def decoder_inputs(g):
    """Declares the decoder's inputs: tokens, and per layer the past and cross-attention keys and values."""
    heads, head = g.size.heads, g.size.head_size
    tokens = g.input("tokens", [1, "tokens"], TensorProto.INT64)
    layers = range(g.size.decoder_layers)
    past = [[g.input(f"past_{part}_{i}", [1, heads, "past", head]) for part in "kv"] for i in layers]
    shapes = {"k": [1, heads, head, "context"], "v": [1, heads, "context", head]}
    cross = [[g.input(f"cross_{part}_{i}", shapes[part]) for part in "kv"] for i in layers]
    return tokens, past, cross


def positions_and_mask(g, tokens, past):
    """Learned positions of the new tokens, and the mask that hides later ones."""
    before = g.Shape(past, start=2, end=3)
    total = g.Add(before, g.Shape(tokens, start=1, end=2))
    positions = g.Slice(g.float32("decoder/position_encodings/encodings"), before, total, np.array([0]))
    keys = g.Range(np.array(0), g.Squeeze(total), np.array(1))
    queries = g.Unsqueeze(g.Range(g.Squeeze(before), g.Squeeze(total), np.array(1)), np.array([1]))
    return positions, g.Where(g.LessOrEqual(keys, queries), np.float32(0), np.float32(MASKED))


def decoder(variables, quantized, alignment_heads=()):
    """The decoder graph: any number of new tokens after any number of past ones."""
    g = WhisperGraph(variables, quantized, many_rows=False)  # a step has one row
    watched = {}
    size, embeddings = g.size, g.array("decoder/embeddings/weight")
    tokens, past, cross = decoder_inputs(g)
    positions, mask = positions_and_mask(g, tokens, past[0][0])
    bias = g.bias(g.Shape(cross[0][0], start=3, end=4))
    table = g.weight(embeddings.shape, embeddings.dtype, lambda: embeddings)  # in the file's precision: half the space
    x = g.Add(g.Cast(g.Gather(table, tokens), to=TensorProto.FLOAT), positions)
    for layer in range(size.decoder_layers):
        name = f"decoder/layer_{layer}/self_attention"
        q, k, v = map(g.split_heads, g.attention_inputs(x, name))
        k, v = g.Concat(past[layer][0], k, axis=2), g.Concat(past[layer][1], v, axis=2)
        g.output(k, f"k_{layer}", [1, size.heads, "total", size.head_size])
        g.output(v, f"v_{layer}", [1, size.heads, "total", size.head_size])
        y = g.attend(q, g.Transpose(k, perm=(0, 1, 3, 2)), v, mask)
        x = g.Add(x, g.project(y, name + "/linear_1"))
        name = f"decoder/layer_{layer}/attention"
        y = g.norm(x, name + "/layer_norm", [name + "/linear_0/weight"])
        q = g.project(y, name + "/linear_0", scale=size.head_size**-0.5)
        scores = g.Add(g.MatMul(g.split_heads(q), cross[layer][0]), bias)
        for watched_layer, head in alignment_heads:
            if watched_layer == layer:
                watched[layer, head] = g.Gather(scores, np.array([head]), axis=1)
        x = g.Add(x, g.project(g.weighted(scores, cross[layer][1]), name + "/linear_2"))
        x = g.feed_forward(x, f"decoder/layer_{layer}/ffn")
    last = g.norm(g.Gather(x, np.array([-1]), axis=1), "decoder/layer_norm", ["decoder/projection/weight"])
    logits = g.Squeeze(g.linear(last, g.array("decoder/projection/weight")), np.array([1]))
    g.output(logits, "logits", [1, size.vocabulary])
    if watched:
        attention = g.Concat(*(watched[layer, head] for layer, head in alignment_heads), axis=1)
        g.output(attention, "attention", [1, len(watched), "tokens", "context"])
    return g
