using System.Text;
using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Onnx;

public sealed class OnnxFileTests
{
    [Fact]
    public void Write_ParsedModel_KeepsEveryByteIncludingUnknownFields()
    {
        var model = Classifier();
        // Field 25 (functions) of the specification is not in our schema.
        byte[] onnx = [.. model.ToByteArray(), 25 << 3 & 0x7f | 2 | 0x80, 25 >> 4, 3, 10, 1, (byte)'f'];
        Assert.Equal(onnx, OnnxFile.Write(OnnxFile.Parse(onnx, "model")));
    }

    [Fact]
    public void Parse_TruncatedAnywhere_IsATypedErrorNamingTheFile()
    {
        var onnx = Classifier().ToByteArray();
        for (var i = 0; i < 20; i++)
        {
            var error = Assert.Throws<TransferException>(() => OnnxFile.Parse(onnx.AsSpan(0, onnx.Length * i / 20), "cut-short.onnx"));
            Assert.Contains("cut-short.onnx", error.Message);
            Assert.Contains("truncated", error.Message);
        }
    }

    [Theory]
    [InlineData("Not a network at all, merely text.\n")]
    [InlineData("{\"name\": 1}")]
    [InlineData("PK\u0003\u0004archive")]
    [InlineData("")]
    public void Parse_AnotherKindOfFile_IsATypedError(string text) =>
        Assert.Contains("note.txt", Assert.Throws<TransferException>(() => OnnxFile.Parse(Encoding.Latin1.GetBytes(text), "note.txt")).Message);

    [Fact]
    public void Parse_NestedBeyondAllMeasure_IsATypedError()
    {
        var graph = new GraphProto();
        for (var depth = 0; depth < 200; depth++)
            graph = new GraphProto { Node = { new NodeProto { Attribute = { new AttributeProto { G = graph } } } } };
        var onnx = new ModelProto { IrVersion = 8, Graph = graph }.ToByteArray();
        Assert.Throws<TransferException>(() => OnnxFile.Parse(onnx, "deep"));
    }

    public static TheoryData<string> Faults => [.. Broken.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, (Action<ModelProto> Break, string Message)> Broken => new()
    {
        ["no ir_version"] = (m => m.ClearIrVersion(), "ir_version"),
        ["no operator set"] = (m => m.OpsetImport.Clear(), "operator set"),
        ["only a foreign operator set"] = (m => m.OpsetImport[0].Domain = "com.example", "operator set"),
        ["opset 5"] = (m => m.OpsetImport[0].Version = 5, "7 to 22"),
        ["opset 23"] = (m => m.OpsetImport[0].Version = 23, "7 to 22"),
        ["no graph"] = (m => m.Graph = null, "no graph"),
        ["no nodes"] = (m => m.Graph.Node.Clear(), "no graph"),
        ["no output"] = (m => m.Graph.Output.Clear(), "no output"),
        ["external weights"] = (m => m.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External, "external data"),
        ["external location"] = (m => m.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../../secret" }), "external data"),
        ["external location that is absolute"] = (m => m.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "/etc/passwd" }), "external data"),
        ["external weights in a Constant"] = (m => m.Graph.Node[0].Attribute.Add(new AttributeProto { T = new TensorProto { DataLocation = TensorProto.Types.DataLocation.External } }), "external data"),
        ["external weights in an inner graph"] = (m => m.Graph.Node[0].Attribute.Add(new AttributeProto { Graphs = { new GraphProto { Initializer = { new TensorProto { DataLocation = TensorProto.Types.DataLocation.External } } } } }), "external data"),
        ["no input"] = (m => m.Graph.Input.Clear(), "has 0"),
        ["two inputs"] = (m => m.Graph.Input.Add(Value("other", "N", 2)), "has 2 ('image', 'other')"),
        ["two axes"] = (m => m.Graph.Input[0] = Value("image", "N", 192), "[?, 192]"),
        ["five channels"] = (m => m.Graph.Input[0] = Value("image", "N", 5, 8, 8), "[?, 5, 8, 8]"),
        ["channels last before a convolution"] = (m => m.Graph.Input[0] = Value("image", "N", 8, 8, 3), "convolves [N, 8, 8, 3] with weights [6, 3, 3, 3]"),
        ["fewer weights than declared"] = (m => m.Graph.Initializer[0].FloatData.RemoveAt(0), "'w' holds 161 numbers where its dimensions ask for 162"),
        ["fewer bytes than declared"] = (m => { m.Graph.Initializer[0].FloatData.Clear(); m.Graph.Initializer[0].RawData = ByteString.CopyFrom(new byte[644]); }, "'w' holds 644 bytes where its dimensions ask for 648"),
        ["weights beyond all measure"] = (m => m.Graph.Initializer[0].Dims[0] = 1L << 40, "dimensions ask for 29686813949952"),
        ["dimensions whose product overflows"] = (m => m.Graph.Initializer[0].Dims.Add([1L << 40, 1L << 40]), "beyond all measure"),
        ["negative dimension"] = (m => m.Graph.Initializer[0].Dims[0] = -6, "dimension of -6"),
        ["not square"] = (m => m.Graph.Input[0] = Value("image", "N", 3, 8, 9), "[?, 3, 8, 9]"),
        ["huge"] = (m => m.Graph.Input[0] = Value("image", "N", 3, 1_000_000, 1_000_000), "at most 4096"),
        ["negative"] = (m => m.Graph.Input[0] = Value("image", "N", 3, -8, -8), "[?, 3, -8, -8]"),
        ["bytes"] = (m => m.Graph.Input[0].Type.TensorType.ElemType = 2, "element type 2"),
        ["no type"] = (m => m.Graph.Input[0].Type = null, "without a shape"),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Parse_BrokenModel_SaysTheRuleAndTheFile(string fault)
    {
        var (breakIt, message) = Broken[fault];
        var model = Classifier();
        breakIt(model);
        var error = Assert.Throws<TransferException>(() => Backbone.FromBytes(model.ToByteArray(), null, "broken.onnx"));
        Assert.Contains(message, error.Message);
        Assert.Contains("broken.onnx", error.Message);
    }
}
