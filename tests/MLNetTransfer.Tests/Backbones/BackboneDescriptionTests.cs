using MLNetTransfer.Backbones;
using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Backbones;

public sealed class BackboneDescriptionTests
{
    [Fact]
    public void FromJson_ToJson_ComesBack()
    {
        const string Text = """
            {
              "name": "formula-resnet",
              "licence": "MIT",
              "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
              "preprocessing": {
                "side": 128,
                "resize": "squash",
                "resizeRatio": 1.1428572,
                "order": "rgb",
                "layout": "nchw",
                "mean": [
                  0.5,
                  0.5,
                  0.5
                ],
                "std": [
                  0.25,
                  0.25,
                  0.25
                ]
              },
              "cuts": [
                {
                  "name": "stage4",
                  "tensors": [
                    "stage4"
                  ]
                },
                {
                  "name": "stages2-4",
                  "tensors": [
                    "stage2",
                    "stage3",
                    "stage4"
                  ]
                }
              ],
              "defaultCut": "stages2-4"
            }

            """;
        var description = BackboneDescription.FromJson(Text, "test");
        Assert.Equal("stages2-4", description.DefaultCut);
        Assert.Equal(["stage2", "stage3", "stage4"], description.Cuts[1].Tensors);
        Assert.Equal(Text.ReplaceLineEndings("\n"), description.ToJson());
    }

    [Fact]
    public void FromJson_NameAndSideAlone_AreEnough()
    {
        var description = BackboneDescription.FromJson("""{"name":"x","preprocessing":{"side":64}}""", "test");
        Assert.Equal(("x", "not stated", null, 0), (description.Name, description.Licence, description.Sha256, description.Cuts.Count));
        Assert.Equal(new Preprocessing { Side = 64 }, description.Preprocessing);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "null")]
    [InlineData("[]", "JSON")]
    [InlineData("""{"preprocessing":{"side":64}}""", "name")]
    [InlineData("""{"name":"","preprocessing":{"side":64}}""", "name is empty")]
    [InlineData("""{"name":"x"}""", "preprocessing")]
    [InlineData("""{"name":"x","preprocessing":null}""", "preprocessing")]
    [InlineData("""{"name":"x","preprocessing":{"side":0}}""", "Side")]
    [InlineData("""{"name":"x","preprocessing":{"side":64,"layout":"chwn"}}""", "layout")]
    [InlineData("""{"name":"x","name":"y","preprocessing":{"side":64}}""", "name")]
    [InlineData("""{"name":"x","preprocessing":{"side":64},"license":"MIT"}""", "license")]
    [InlineData("""{"name":"x","preprocessing":{"side":64},"cuts":[null]}""", "cut")]
    [InlineData("""{"name":"x","preprocessing":{"side":64},"cuts":[{"name":"last","tensors":["a"]}]}""", "'last'")]
    [InlineData("""{"name":"x","preprocessing":{"side":64},"cuts":[{"name":"a","tensors":[]}]}""", "one or more")]
    [InlineData("""{"name":"x","preprocessing":{"side":64},"cuts":[{"name":"a","tensors":[null]}]}""", "one or more")]
    [InlineData("""{"name":"x","preprocessing":{"side":64},"cuts":[{"name":"a","tensors":["t","t"]}]}""", "one or more")]
    [InlineData("""{"name":"x","preprocessing":{"side":64},"cuts":[{"name":"a","tensors":["t"]},{"name":"a","tensors":["u"]}]}""", "twice")]
    [InlineData("""{"name":"x","preprocessing":{"side":64},"cuts":[{"name":"a","tensors":["t"]}],"defaultCut":"b"}""", "'b'")]
    public void FromJson_InvalidText_NamesTheFileAndTheFault(string json, string message)
    {
        var error = Assert.Throws<TransferException>(() => BackboneDescription.FromJson(json, "net.json"));
        Assert.Contains("net.json", error.Message);
        Assert.Contains(message, error.Message);
    }
}
