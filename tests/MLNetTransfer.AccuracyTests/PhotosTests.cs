using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.TensorFlow;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.AccuracyTests;

/// <summary>
/// Real photos, where this machine has them. Every accuracy is that of nested cross-validation on the whole set as it comes: each photo
/// was predicted by a head that saw neither it nor a near-duplicate.
/// </summary>
public sealed class PhotosTests
{
    [Fact]
    public void Train_AntsBeesWithMobileNet_ReachesTheTarget()
    {
        var backbone = Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        Accuracy.AssertAtLeast(Targets.AntsBeesMobileNet, AntsBees(new TransferOptions { Backbone = backbone, TestFraction = 0 }), images: 245);
    }

    [Fact]
    public void Train_AntsBeesWithEmbedded_ReachesTheTarget() =>
        Accuracy.AssertAtLeast(Targets.AntsBees, AntsBees(new TransferOptions { TestFraction = 0 }), images: 245);

    [Fact]
    public void Train_ConcreteCracksWithEmbedded_ReachesTheTarget()
    {
        var photos = ImageFolder.Read(Repository.SharedOrSkip("data", "concrete-cracks"));
        var result = TransferTrainer.Train(photos, new TransferOptions { Positive = "cracked", TestFraction = 0 });
        Accuracy.AssertAtLeast(Targets.ConcreteCracks, result.Validation, images: 300);
    }

    /// <summary>Cracks are texture, which inner layers see better than the last one; the cut after every block is offered.</summary>
    [Fact]
    public void Train_ConcreteCracksWithMobileNetAndAutoCut_ChoosesAnInnerCutAndReachesTheTarget()
    {
        var photos = ImageFolder.Read(Repository.SharedOrSkip("data", "concrete-cracks"));
        var result = TransferTrainer.Train(photos, new TransferOptions { Backbone = BlocksOfMobileNet(), Cut = Cut.Auto, Positive = "cracked", TestFraction = 0 });
        Assert.Equal(18, result.Model.Card.CutSelection.Count);
        Assert.NotEqual("globalaveragepool_97", result.Model.Card.Cut);
        Accuracy.AssertAtLeast(Targets.ConcreteCracksAutoCut, result.Validation, images: 300);
    }

    /// <summary>A network imported from TensorFlow, its cuts found by itself: an inner one is worth much more here than the last.</summary>
    [Fact]
    public void Train_ConcreteCracksWithImportedMobileNetV1_AutoCutIsAnInnerOneAndBeatsTheLast()
    {
        var photos = ImageFolder.Read(Repository.SharedOrSkip("data", "concrete-cracks"));
        var imported = TensorFlowImport.Read(Repository.SharedOrSkip("models", "mobilenet-v1-0.25-224.frozen.pb"));
        var backbone = Backbone.FromBytes(imported.Onnx, imported.Description, "mobilenet-v1-0.25");
        TransferResult Train(string cut) => TransferTrainer.Train(photos, new TransferOptions { Backbone = backbone, Cut = cut, Positive = "cracked", TestFraction = 0 });

        var (last, chosen) = (Train(Cut.Last), Train(Cut.Auto));

        var places = backbone.Cuts.Select(cut => cut.Name).ToList();
        Assert.InRange(places.IndexOf(chosen.Model.Card.Cut), 0, places.IndexOf(backbone.DefaultCut.Name) - 1);
        Assert.Empty(chosen.Warnings);
        Accuracy.AssertAtLeast(last.Validation.Result.Accuracy + Targets.ConcreteCracksAutoCutGain, chosen.Validation, images: 300);
    }

    [Fact]
    public void Train_AntsBeesOnOneAndTwoThreads_SameBits()
    {
        EvaluatedImages Run(int threads) => AntsBees(new TransferOptions { Cut = Backbone.Embedded.Cuts[0].Name, TestFraction = 0, Threads = threads });
        Accuracy.AssertSameBits(Run(1), Run(2));
    }

    private static Backbone BlocksOfMobileNet()
    {
        string[] blocks =
        [
            "conv_4", "conv_9", "add_15", "conv_20", "add_26", "add_32", "conv_37", "add_43", "add_49", "add_55", "conv_60", "add_66", "add_72",
            "conv_77", "add_83", "add_89", "conv_94", "globalaveragepool_97",
        ];
        var description = new BackboneDescription
        {
            Name = "mobilenet-v2",
            Preprocessing = Preprocessing.ImageNet(224),
            Cuts = [.. blocks.Select(tensor => new CutDescription { Name = tensor, Tensors = [tensor] })],
        };
        return Backbone.FromBytes(File.ReadAllBytes(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx")), description, "mobilenet-v2");
    }

    /// <summary>244 photos and a placeholder picture, ants/imageNotFound.gif, that is readable and shows no ant; it stays where it is.</summary>
    private static EvaluatedImages AntsBees(TransferOptions options)
    {
        var result = TransferTrainer.Train(ImageFolder.Read(Repository.SharedOrSkip("data", "ants-bees")), options);
        Assert.Empty(result.Skipped);
        return result.Validation;
    }
}
