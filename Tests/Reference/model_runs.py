"""Random models on disk, what transformers computes with them, and what Topsail computes with them."""

import contextlib
import json
import re
import subprocess

import torch
from safetensors.torch import load_file
from torch.overrides import TorchFunctionMode
from transformers import AutoModelForCausalLM, Gemma3ForConditionalGeneration

# For each family: layers, attention, output projection, MLP, last MLP product, final norm; post norms follow.
LLAMA = ("model.layers", "self_attn", "self_attn.o_proj", "mlp", "mlp.down_proj", "model.norm")
PLACES = {
    "gpt2": ("transformer.h", "attn", "attn.c_proj", "mlp", "mlp.c_proj", "transformer.ln_f"),
    "gpt_neox": (
        "gpt_neox.layers", "attention", "attention.dense", "mlp", "mlp.dense_4h_to_h", "gpt_neox.final_layer_norm"),
    "gemma3": ("model.language_model.layers", *LLAMA[1:5], "model.language_model.norm"),
}
POST_NORMS = {"gemma2", "gemma3", "gemma3_text", "olmo2"}


def fill(model, seed):
    """Random weights with which attention looks somewhere: nothing is left at ones, zeros or close to 0."""
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.named_parameters():
        noise = torch.randn(value.shape, generator=generator)
        if value.dim() == 1:
            is_norm = re.search(r"norm|ln_", name) and name.endswith("weight")
            around = value.detach().mean().round() if is_norm else 0.0
            value.data = around + 0.3 * noise
        elif "embed" in name or re.search(r"wte|wpe", name):
            value.data = 0.6 * noise
        else:
            inputs = value.shape[0] if "c_" in name and "h." in name else value.shape[-1]
            value.data = noise * 1.6 / inputs**0.5


def save(config, seed, dtype, folder, shards):
    """Makes a model and saves it as transformers does; `shards` cuts it into files of a few kilobytes."""
    torch.manual_seed(seed)
    kind = Gemma3ForConditionalGeneration if config.model_type == "gemma3" else AutoModelForCausalLM
    model = kind(config) if kind is Gemma3ForConditionalGeneration else kind.from_config(config)
    fill(model, seed)
    model.tie_weights()
    model.to(dtype).save_pretrained(folder, max_shard_size="60KB" if shards else "5GB")


def load(folder, family, attention="eager"):
    kind = Gemma3ForConditionalGeneration if family == "gemma3" else AutoModelForCausalLM
    return kind.from_pretrained(folder, dtype=torch.float32, attn_implementation=attention).eval()


class Recorder:
    """Reads every hook point of a transformers model."""

    def __init__(self, model, family):
        self.values = {}
        self.handles = []
        layers, attention, projection, mlp, down, norm = PLACES.get(family, LLAMA)
        is_parallel = family == "gpt_neox" and model.config.use_parallel_residual
        for number, layer in enumerate(model.get_submodule(layers)):
            self.read(layer, f"resid_pre.{number}", before=True)
            self.read(layer, f"resid_post.{number}")
            self.read(layer.get_submodule(projection), f"attn_z.{number}", before=True)
            self.read(layer.get_submodule(down), f"mlp_act.{number}", before=True)
            raw = "_raw" if family in POST_NORMS else ""
            self.read(layer.get_submodule(attention), f"attn_out{raw}.{number}")
            self.read(layer.get_submodule(mlp), f"mlp_out{raw}.{number}")
            if raw:
                self.read(layer.post_attention_layernorm, f"attn_out.{number}")
                self.read(layer.post_feedforward_layernorm, f"mlp_out.{number}")
            if not is_parallel:
                before_mlp = {"gpt2": "ln_2", "gemma2": "pre_feedforward_layernorm",
                              "gemma3": "pre_feedforward_layernorm", "gemma3_text": "pre_feedforward_layernorm",
                              "olmo2": "mlp"}.get(family, "post_attention_layernorm")
                self.read(layer.get_submodule(before_mlp), f"resid_mid.{number}", before=True)
        self.read(model.get_submodule(norm), "final_norm")

    def read(self, module, name, before=False):
        def note(values):
            self.values[name] = (values[0] if isinstance(values, tuple) else values).detach()

        if before:
            self.handles.append(module.register_forward_pre_hook(
                lambda _, args, named: note(args or named["hidden_states"]), with_kwargs=True))
        else:
            self.handles.append(module.register_forward_hook(lambda _, args, output: note(output)))

    def remove(self):
        for handle in self.handles:
            handle.remove()


@torch.no_grad()
def reference(model, family, rows, mask=None):
    """Every hook point and the logits for a batch; each value is [batch, tokens, width]."""
    recorder = Recorder(model, family)
    arguments = {"input_ids": rows}
    if mask is not None:
        # Positions count from a sequence's own first token, as generate() does it.
        arguments |= {"attention_mask": mask, "position_ids": (mask.cumsum(-1) - 1).clamp(min=0)}
    logits = model(**arguments, use_cache=False).logits
    recorder.remove()
    return recorder.values | {"logits": logits}


class Double(TorchFunctionMode):
    """Makes a model of doubles compute in doubles all the way.

    transformers asks for fp32 by name in its norms and softmax. The angles of rotary embeddings stay fp32, as weights do:
    they are what the reference defines, and an angle rounded at position 1,000 is no error of the sums that follow.
    """

    def __init__(self):
        super().__init__()
        self.in_angles = False

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if self.in_angles:
            if function in (torch.Tensor.cos, torch.Tensor.sin):
                return function(args[0].double())
            return function(*args, **kwargs)
        if function is torch.Tensor.float:
            return args[0].double()
        wide = lambda value: torch.float64 if value is torch.float32 else value
        return function(*map(wide, args), **{name: wide(value) for name, value in kwargs.items()})


def reference_in_double(folder, family, rows, mask=None):
    """What `reference` gives, in float64 on the same weights."""
    model = load(folder, family).double()
    mode = Double()
    for name, module in model.named_modules():
        if name.endswith("rotary_emb"):
            module.register_forward_pre_hook(lambda *_: setattr(mode, "in_angles", True))
            module.register_forward_hook(lambda *_: setattr(mode, "in_angles", False))
    with mode:
        values = reference(model, family, rows, mask)
    if any(value.dtype != torch.float64 for value in values.values()):
        raise RuntimeError("the reference in doubles has values that are none")
    return values


class Topsail:
    """The built program."""

    def __init__(self, program, work):
        self.program = program
        self.work = work

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], capture_output=True, text=True, check=False)

    def activations(self, model, ids, names):
        (self.work / "ids.txt").write_text(",".join(map(str, ids)))
        output = self.work / "activations.safetensors"
        output.unlink(missing_ok=True)
        result = self.run(
            "activations", "--model", str(model), "--ids-file", str(self.work / "ids.txt"), "--hook",
            *[name for name in names if name != "logits"], "--logits", "--precision", "exact", "--output", str(output))
        if result.returncode != 0:
            raise RuntimeError(result.stderr.strip())
        return load_file(output)

    def greedy(self, model, ids, count):
        result = self.run(
            "generate", "--model", str(model), "--ids", ",".join(map(str, ids)), "--greedy", "--max-tokens",
            str(count), "--precision", "exact", "--json")
        if result.returncode != 0:
            raise RuntimeError(result.stderr.strip())
        return json.loads(result.stdout)["ids"]


@contextlib.contextmanager
def quiet():
    """Silences the warnings of transformers about settings that are odd on purpose."""
    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    yield
    logging.set_verbosity(level)
