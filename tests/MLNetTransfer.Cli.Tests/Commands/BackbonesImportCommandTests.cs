using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class BackbonesImportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Graph => _folder.File("graph.pb");

    private string Onnx => _folder.File("net.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Import_Graph_WritesABackboneAndSaysWhatItFound()
    {
        File.WriteAllBytes(Graph, SmallGraph("MobilenetV1"));
        var run = CliRun.Of("backbones", "import", Graph, "--out", Onnx, "--licence", "Apache-2.0");
        Assert.Equal(0, run.Code);
        Assert.Equal(
            $"""
            nodes          6 in the file, 0 computed or merged while importing, 3 in the ONNX graph
            operators      BiasAdd 1, Mean 1, Relu 1
            input          input, 3 x 16 x 16
            output         MobilenetV1/pool
            default cut    MobilenetV1/pool, 3 features
            preprocessing  mean 0.5, std 0.5 on pixels of 0 to 1: MobilenetV1 was trained on x / 127.5 - 1
            written        {Onnx}, {_folder.File("net.json")}

            """.ReplaceLineEndings("\n"), run.Output);
        Assert.Equal($"Next: mlnettransfer train --backbone {Onnx} --data DIR --out model.zip", Assert.Single(run.Messages));
        var backbone = Backbone.Load(Onnx);
        Assert.Equal(("net", "Apache-2.0", 3), (backbone.Name, backbone.Licence, backbone.DefaultCut.Dimensions));
        Assert.Equal(new Preprocessing { Side = 16, Mean = new(0.5f), Std = new(0.5f) }, backbone.Preprocessing);
        Assert.Equal(3, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void Import_Json_HasOneDocument()
    {
        File.WriteAllBytes(Graph, SmallGraph("net"));
        var run = CliRun.Of("backbones", "import", Graph, "--out", Onnx, "--json", "--range", "0..255", "--order", "bgr", "--resize", "center-crop", "--side", "32", "--output", "net/relu");
        Assert.Equal(0, run.Code);
        Assert.Equal(
            ["backbone", "sha256", "nodes", "folded", "onnxNodes", "operators", "input", "output", "defaultCut", "dimensions", "preprocessing", "preprocessingSource", "notes"],
            CliRun.Names(run.Json));
        Assert.Equal(new Preprocessing { Side = 32, Std = new(1f / 255), Order = PixelOrder.Bgr, Resize = ResizeMode.CenterCrop }, Backbone.Load(Onnx).Preprocessing);
        Assert.Equal("net/relu", (string?)run.Json["output"]);
        Assert.Equal("given", (string?)run.Json["preprocessingSource"]);
    }

    [Theory]
    [InlineData("-1..1", null, null, 0.5f, 0.5f)]
    [InlineData("0..1", null, null, 0f, 1f)]
    [InlineData(null, "0.1,0.2,0.3", "2", 0.1f, 2f)]
    public void Import_Scale_IsThatOfTheOptions(string? range, string? mean, string? std, float expectedMean, float expectedStd)
    {
        File.WriteAllBytes(Graph, SmallGraph("net"));
        string[] options = [.. range is null ? ["--mean", mean!, "--std", std!] : new[] { "--range", range }];
        Assert.Equal(0, CliRun.Of(["backbones", "import", Graph, "--out", Onnx, .. options]).Code);
        var preprocessing = Backbone.Load(Onnx).Preprocessing;
        Assert.Equal((expectedMean, expectedStd), (preprocessing.Mean.R, preprocessing.Std.R));
    }

    [Fact]
    public void Import_Help_DescribesEveryOption() =>
        Assert.All(CliRun.Of("backbones", "import", "--help").Output.Split('\n').Where(line => line.StartsWith("  -")), line => Assert.Matches(@"^  -.*\S  +\S", line));

    [Fact]
    public void Import_BadInput_IsRefusedAndWritesNothing()
    {
        File.WriteAllBytes(Graph, SmallGraph("net"));
        Refused().AssertRefused("State it: --range");
        Refused("--range", "0..2").AssertRefused("received '0..2'");
        Refused("--range", "0..1", "--mean", "0").AssertRefused("received both");
        Refused("--mean", "0.5").AssertRefused("the mean alone");
        Refused("--mean", "a,b,c", "--std", "1").AssertRefused("received 'a,b,c'");
        Refused("--range", "0..1", "--order", "xyz").AssertRefused("rgb, bgr, gray");
        Refused("--range", "0..1", "--input", "gone").AssertRefused("none called 'gone'");
        CliRun.Of("backbones", "import", _folder.File("gone.pb"), "--out", Onnx).AssertRefused("gone.pb");
        CliRun.Of("backbones", "import", Graph, "--out", _folder.File("net.bin")).AssertRefused("FILE.onnx");
        Assert.Equal(Graph, Assert.Single(Directory.GetFileSystemEntries(_folder.Path)));

        CliRun Refused(params string[] options) => CliRun.Of(["backbones", "import", Graph, "--out", Onnx, .. options]);
    }

    /// <summary>
    /// input [N, 16, 16, 3] -> bias -> relu -> pool, as TensorFlow writes it: fields of the public format, by number.
    /// </summary>
    private static byte[] SmallGraph(string prefix)
    {
        using var stream = new MemoryStream();
        var file = new CodedOutputStream(stream);
        var shape = Message(o => Array.ForEach([-1L, 16, 16, 3], size => Field(o, 2, Message(d => Number(d, 1, size)))));
        Node("Placeholder", "input", [], ("dtype", Message(o => Number(o, 6, 1))), ("shape", Message(o => Field(o, 7, shape))));
        Node("Const", $"{prefix}/bias", [], ("value", Message(o => Field(o, 8, Tensor(1, [3], 5, o2 => Array.ForEach([0.1f, 0.2f, 0.3f], o2.WriteFloat))))));
        Node("BiasAdd", $"{prefix}/biased", ["input", $"{prefix}/bias"]);
        Node("Relu", $"{prefix}/relu", [$"{prefix}/biased"]);
        Node("Const", $"{prefix}/axes", [], ("value", Message(o => Field(o, 8, Tensor(3, [2], 7, o2 => { o2.WriteInt32(1); o2.WriteInt32(2); })))));
        Node("Mean", $"{prefix}/pool", [$"{prefix}/relu", $"{prefix}/axes"]);
        file.Flush();
        return stream.ToArray();

        void Node(string type, string name, string[] inputs, params (string Name, byte[] Value)[] attributes) => Field(file, 1, Message(o =>
        {
            Field(o, 1, System.Text.Encoding.UTF8.GetBytes(name));
            Field(o, 2, System.Text.Encoding.UTF8.GetBytes(type));
            foreach (var input in inputs)
                Field(o, 3, System.Text.Encoding.UTF8.GetBytes(input));
            foreach (var (key, value) in attributes)
                Field(o, 5, Message(entry =>
                {
                    Field(entry, 1, System.Text.Encoding.UTF8.GetBytes(key));
                    Field(entry, 2, value);
                }));
        }));

        static byte[] Tensor(int type, long[] sizes, int field, Action<CodedOutputStream> values) => Message(o =>
        {
            Number(o, 1, type);
            Field(o, 2, Message(s => Array.ForEach(sizes, size => Field(s, 2, Message(d => Number(d, 1, size))))));
            Field(o, field, Message(values));
        });
    }

    private static void Number(CodedOutputStream stream, int field, long value)
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(value);
    }

    private static void Field(CodedOutputStream stream, int field, byte[] content)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(ByteString.CopyFrom(content));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        var output = new CodedOutputStream(stream);
        write(output);
        output.Flush();
        return stream.ToArray();
    }
}
