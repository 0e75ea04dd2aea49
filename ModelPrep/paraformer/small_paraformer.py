"""What the two small Paraformers share: tokens of the clips, and the settings of FunASR's classes."""
import torch

import small_model

#: Tokens of the published streaming model.
FULL_VOCABULARY = 8404
#: With random weights about a token in five rows fires, as in speech: ln(0.2 / 0.8).
RANDOM_BIAS = -1.386


class Vocabulary:
    """Tokens of the clips' texts: `<blank>`, the two ends of a sentence, pieces of words, `<unk>` last."""

    def __init__(self, clips):
        pieces = [small_model.pieces_with_joints(clip.text) for clip in clips]
        self.tokens = ["<blank>", "<s>", "</s>", *sorted({piece for text in pieces for piece in text}), "<unk>"]
        ids = {token: index for index, token in enumerate(self.tokens)}
        self.texts = [torch.tensor([ids[piece] for piece in text]) for text in pieces]
        self.lengths = torch.tensor([len(text) for text in self.texts])
        self.padded = torch.nn.utils.rnn.pad_sequence(self.texts, batch_first=True, padding_value=-1)


def decoder_settings(options, shift):
    """`shift` moves the memory's window: 0 looks at both sides, 5 at what was before only."""
    return {
        "attention_heads": 4, "linear_units": options.units, "num_blocks": options.decoder_blocks,
        "att_layer_num": options.decoder_blocks,
        "dropout_rate": 0.0, "positional_dropout_rate": 0.0, "self_attention_dropout_rate": 0.0,
        "src_attention_dropout_rate": 0.0, "kernel_size": 11, "sanm_shfit": shift,
    }


def predictor_settings(options):
    """Of integrate-and-fire: a token for every whole sum of weights, 0.45 more at the end."""
    return {
        "idim": options.width, "threshold": 1.0, "l_order": 1, "r_order": 1, "tail_threshold": 0.45, "dropout": 0.0,
    }


def prepare(model, options, train):
    """Trains, or with `--full-size` sees to it that random weights fire about as often as speech does."""
    if options.steps:
        train()
    else:
        torch.nn.init.constant_(model.predictor.cif_output.bias, RANDOM_BIAS)
        torch.nn.init.normal_(model.predictor.cif_output.weight, std=1e-3)
        model.eval()
