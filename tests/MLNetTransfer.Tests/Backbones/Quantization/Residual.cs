using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Quantization;

/// <summary>A small residual network with a bit of everything, and drawings to calibrate it on.</summary>
internal static class Residual
{
    /// <summary>
    /// map [N, 6, 8, 8] -> maximum pool -> 3x3 "second" + pool -> ReLU "block" -> depthwise 3x3 -> Clip 0..6 "depth" -> 1x1 "point" -> concatenated with
    /// "block" -> 1x1 -> ReLU "last" -> global average -> 4 scores.
    /// </summary>
    public static ModelProto Model(int opset = 13) => Network(
        [
            Node("MaxPool", ["map"], "maximum", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)),
            Node("Conv", ["maximum", "w2", "b2"], "second", Ints("pads", 1, 1, 1, 1)),
            Node("Add", ["second", "maximum"], "sum"),
            Node("Relu", ["sum"], "block"),
            Node("Conv", ["block", "w3"], "third", Ints("pads", 1, 1, 1, 1), Int("group", 6)),
            Clip(opset),
            Node("Conv", ["depth", "w4"], "point"),
            Node("Concat", ["point", "block"], "both", Int("axis", 1)),
            Node("Conv", ["both", "w5", "b5"], "fifth"),
            Node("Relu", ["fifth"], "last"),
            Node("GlobalAveragePool", ["last"], "pool"),
            Node("Flatten", ["pool"], "flat"),
            Node("Gemm", ["flat", "fc", "bias"], "output", Int("transB", 1)),
        ],
        [
            Floats("w2", [6, 6, 3, 3], 11), Floats("b2", [6], 12), Floats("w3", [6, 1, 3, 3], 13), Floats("w4", [4, 6, 1, 1], 14), Floats("w5", [8, 10, 1, 1], 15),
            Floats("b5", [8], 16), Floats("fc", [4, 8], 17), Floats("bias", [4], 18), Scalar("zero", 0), Scalar("six", 6),
        ], opset: opset);

    public static Backbone Backbone(ModelProto model) => MLNetTransfer.Backbones.Backbone.FromBytes(model.ToByteArray(), null, "residual.onnx");

    /// <summary>Drawings as files.</summary>
    public static string[] Images(TemporaryFolder folder, int count = 12)
    {
        Drawings.WriteSet(folder.Path, count / 2, seed: 1, "dots", "stripes");
        return [.. Directory.GetFiles(folder.Path, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static NodeProto Clip(int opset) => opset >= 11
        ? Node("Clip", ["third", "zero", "six"], "depth")
        : Node("Clip", ["third"], "depth", Float("min", 0), Float("max", 6));

    private static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static TensorProto Scalar(string name, float value) =>
        new() { Name = name, DataType = (int)TensorProto.Types.DataType.Float, FloatData = { value } };
}
