"""What a user of PyTorch and torchvision would write to featurise photos, answering one command a line on standard input.

export FILE.onnx    writes the network, so that the other side runs the same weights
tune N              tries settings on the first N photos and keeps the fastest, and the fastest without oneDNN
run                 featurises all photos once with the fastest: images a second
run openblas        the same without oneDNN, so that convolutions are OpenBLAS's matrix products
features FILE       writes the features of all photos as 32-bit floats
quit
"""
import sys
import time

try:
    import numpy
    import torch
    import torchvision
    from torchvision.datasets.folder import default_loader
except ImportError as error:
    print(f"missing {error}", flush=True)
    sys.exit(0)

SIDE = 224
TRANSFORM = torchvision.transforms.Compose([
    torchvision.transforms.Resize((SIDE, SIDE)),
    torchvision.transforms.ToTensor(),
    torchvision.transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])
# Threads of the network, worker processes that decode: the fastest depends on the machine.
LOADS = ((2, 0), (2, 1), (2, 2), (1, 1), (1, 2))
FASTEST = [(kind, *load) for kind in ("compiled", "eager") for load in LOADS]
OPENBLAS = [("openblas", *load) for load in LOADS]
BATCH = 8


class Photos(torch.utils.data.Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return TRANSFORM(default_loader(self.paths[index]))


def network():
    torch.manual_seed(1)
    return torchvision.models.resnet50(weights=None).eval()


def headless(model):
    model.fc = torch.nn.Identity()
    return model


def compiled():
    example = torch.zeros(BATCH, 3, SIDE, SIDE)
    with torch.no_grad():
        return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(headless(network()), example)))


def featurise(models, paths, setting):
    kind, threads, workers = setting
    torch.set_num_threads(threads)
    loader = torch.utils.data.DataLoader(Photos(paths), batch_size=BATCH, num_workers=workers)
    with torch.inference_mode(), torch.backends.mkldnn.flags(enabled=kind != "openblas"):
        return torch.cat([models[kind](batch) for batch in loader])


def speed(models, paths, setting):
    started = time.perf_counter()
    featurise(models, paths, setting)
    return len(paths) / (time.perf_counter() - started)


def fastest(models, paths, settings):
    featurise(models, paths[:BATCH], settings[0])
    return max(settings, key=lambda setting: speed(models, paths, setting))


def main(paths):
    print(f"ready torch {torch.__version__}, torchvision {torchvision.__version__}, oneDNN {'yes' if torch.backends.mkldnn.is_available() else 'no'}", flush=True)
    eager = headless(network())
    models = {"compiled": compiled(), "eager": eager, "openblas": eager}
    best, blas = FASTEST[0], OPENBLAS[0]
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command == "export":
            axes = {"input": {0: "N"}, "output": {0: "N"}}
            torch.onnx.export(network(), torch.zeros(1, 3, SIDE, SIDE), argument, opset_version=13, input_names=["input"], output_names=["output"], dynamic_axes=axes)
            print("done", flush=True)
        elif command == "tune":
            sample = paths[:int(argument)]
            best, blas = fastest(models, sample, FASTEST), fastest(models, sample, OPENBLAS)
            print("best " + "; ".join(f"{kind}, {threads} threads, {workers} workers" for kind, threads, workers in (best, blas)), flush=True)
        elif command == "run":
            print(f"speed {speed(models, paths, blas if argument == 'openblas' else best):.6f}", flush=True)
        elif command == "features":
            featurise(models, paths, best).numpy().astype(numpy.float32).tofile(argument)
            print("done", flush=True)
        elif command == "quit":
            return


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as listing:
        main(listing.read().splitlines())
