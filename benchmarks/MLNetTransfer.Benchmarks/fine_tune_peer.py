"""What a user of PyTorch and torchvision would write to train the upper layers of MobileNetV2, run once: images a second of three ways.

argv: FILE.onnx (written), FILE.txt (photos, one a line), first trained block, epochs, batch

decoded   every epoch decodes the photos again, as a tutorial does
tensors   photos are decoded once and kept as tensors
cached    what the frozen layers make of them is kept too: nothing but the trained layers is left to compute
"""
import os
import sys
import time

try:
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
onnx, listing, block, epochs, batch = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
paths = open(listing).read().split("\n")
# It counts physical cores by itself: half of those there are where two share one.
torch.set_num_threads(len(os.sched_getaffinity(0)))
torch.manual_seed(1)
network = torchvision.models.mobilenet_v2(weights=None).eval()
torch.onnx.export(network, torch.zeros(1, 3, SIDE, SIDE), onnx, opset_version=13, input_names=["input"], output_names=["output"], dynamic_axes={"input": {0: "N"}})
# The export folds batch normalisation into the convolutions: the peer trains the same graph.
for part in [m for m in network.modules() if isinstance(m, torch.nn.Sequential)]:
    for i in range(len(part) - 1):
        if isinstance(part[i], torch.nn.Conv2d) and isinstance(part[i + 1], torch.nn.BatchNorm2d):
            part[i], part[i + 1] = torch.nn.utils.fusion.fuse_conv_bn_eval(part[i], part[i + 1]), torch.nn.Identity()
lower, upper = network.features[:block], torch.nn.Sequential(network.features[block:], torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(1280, 1))
for parameter in lower.parameters():
    parameter.requires_grad_(False)
lower, upper = lower.to(memory_format=torch.channels_last), upper.to(memory_format=torch.channels_last)
labels = (torch.arange(len(paths)) % 2).float()


def train(activations_of):
    optimizer = torch.optim.AdamW([p for p in upper.parameters() if p.requires_grad], lr=1e-5)
    for _ in range(epochs):
        order = torch.randperm(len(paths))
        for start in range(0, len(paths), batch):
            chosen = order[start:start + batch]
            optimizer.zero_grad()
            scores = upper(activations_of(chosen)).squeeze(1)
            torch.nn.functional.binary_cross_entropy_with_logits(scores, labels[chosen]).backward()
            optimizer.step()


def frozen(images):
    with torch.no_grad():
        return lower(images.contiguous(memory_format=torch.channels_last))


def decode(chosen):
    return torch.stack([TRANSFORM(default_loader(paths[i])) for i in chosen])


def decoded():
    train(lambda chosen: frozen(decode(chosen)))


def tensors():
    images = decode(range(len(paths)))
    train(lambda chosen: frozen(images[chosen]))


def cached():
    kept = torch.cat([frozen(decode(range(start, min(start + batch, len(paths))))) for start in range(0, len(paths), batch)])
    train(lambda chosen: kept[chosen])


print(f"ready PyTorch {torch.__version__}, torchvision {torchvision.__version__}, {torch.get_num_threads()} threads", flush=True)
for line in sys.stdin:
    name = line.strip()
    if name == "quit":
        break
    begin = time.perf_counter()
    {"decoded": decoded, "tensors": tensors, "cached": cached}[name]()
    print(f"speed {len(paths) * epochs / (time.perf_counter() - begin)}", flush=True)
