using System.Text.Json;
using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Images;

public sealed class PreprocessingTests
{
    [Fact]
    public void ToJson_ImageNet_IsTheCanonicalText() => Assert.Equal(
        """{"side":224,"resize":"squash","resizeRatio":1.1428572,"order":"rgb","layout":"nchw","mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225]}""",
        Preprocessing.ImageNet(224).ToJson());

    [Fact]
    public void FromJson_WhatToJsonWrote_IsEqual()
    {
        var preprocessing = new Preprocessing
        {
            Side = 96,
            Resize = ResizeMode.CenterCrop,
            ResizeRatio = 1.25f,
            Order = PixelOrder.Bgr,
            Layout = TensorLayout.Nhwc,
            Mean = new(0.1f, 0.2f, 0.3f),
            Std = new(1f / 255),
        };
        Assert.Equal(preprocessing, Preprocessing.FromJson(preprocessing.ToJson()));
    }

    [Fact]
    public void FromJson_OnlySide_TakesTheDefaults() => Assert.Equal(new Preprocessing { Side = 64 }, Preprocessing.FromJson("""{"side":64}"""));

    [Fact]
    public void FromJson_EveryName_IsKnown()
    {
        foreach (var resize in Enum.GetValues<ResizeMode>())
            foreach (var order in Enum.GetValues<PixelOrder>())
                foreach (var layout in Enum.GetValues<TensorLayout>())
                {
                    var preprocessing = new Preprocessing { Side = 8, Resize = resize, Order = order, Layout = layout };
                    Assert.Equal(preprocessing, Preprocessing.FromJson(preprocessing.ToJson()));
                    Assert.Equal(preprocessing, JsonSerializer.Deserialize<Preprocessing>(preprocessing.ToJson()));
                }
    }

    [Theory]
    [InlineData("{}", "side")]
    [InlineData("null", "null")]
    [InlineData("""{"side":0}""", "1 to 4096")]
    [InlineData("""{"side":4097}""", "1 to 4096")]
    [InlineData("""{"side":8,"std":[1,0,1]}""", "greater than 0")]
    [InlineData("""{"side":8,"mean":[1,2]}""", "three numbers")]
    [InlineData("""{"side":8,"resizeRatio":0.5}""", "1 to 4")]
    [InlineData("""{"side":8,"order":"brg"}""", "order")]
    [InlineData("""{"side":8,"order":7}""", "order")]
    [InlineData("""{"side":"8"}""", "side")]
    [InlineData("""{"side":8.5}""", "side")]
    [InlineData("""{"side":8,"layout":"0"}""", "layout")]
    [InlineData("""{"side":8,"mean":[1,2,"3"]}""", "mean")]
    [InlineData("""{"side":8,"std":1}""", "three numbers")]
    [InlineData("not json", "not json")]
    [InlineData("""{"side":8,"sdt":[1,1,1]}""", "sdt")]
    public void FromJson_Malformed_SaysWhat(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<TransferException>(() => Preprocessing.FromJson(json)).Message);

    [Fact]
    public void TensorLength_Gray_HasOneChannel() => Assert.Equal(64, new Preprocessing { Side = 8, Order = PixelOrder.Gray }.TensorLength);
}
