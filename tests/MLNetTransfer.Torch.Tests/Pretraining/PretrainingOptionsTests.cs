using MLNetTransfer.Torch.Pretraining;

namespace MLNetTransfer.Torch.Tests.Pretraining;

public sealed class PretrainingOptionsTests
{
    [Fact]
    public void Validate_EverythingWrong_NamesEveryOption()
    {
        var options = new PretrainingOptions
        {
            Images = 0,
            Things = 1.5,
            BatchSize = 1,
            Side = 33,
            LearningRate = double.NaN,
            WarmUp = 0.6,
            WeightDecay = -0.25,
            Threads = 0,
            CheckpointEvery = -3,
            HeldOut = 0,
        };
        var message = Assert.Throws<TransferException>(options.Validate).Message;
        string[] faults =
        [
            "Images is", "received 0", "Things is", "received 1.5", "BatchSize is", "received 1", "Side is", "received 33", "LearningRate is", "received NaN", "WarmUp is", "received 0.6",
            "WeightDecay is", "received -0.25", "Threads is", "CheckpointEvery is", "received -3", "HeldOut is",
        ];
        Assert.All(faults, fault => Assert.Contains(fault, message));
        Assert.Equal(message, Assert.Throws<TransferException>(() => new Pretrainer(options)).Message);
    }

    [Fact]
    public void Validate_OneWrong_NamesThatOneAlone()
    {
        var message = Assert.Throws<TransferException>(new PretrainingOptions { LearningRate = 11 }.Validate).Message;
        Assert.Contains("LearningRate", message);
        Assert.DoesNotContain("WarmUp", message);
    }

    [Fact]
    public void Validate_DefaultsAndEdges_Pass()
    {
        new PretrainingOptions().Validate();
        new PretrainingOptions { Images = 2, BatchSize = 2, Side = 32, LearningRate = 10, WarmUp = 0, WeightDecay = 0, Threads = 1, CheckpointEvery = 1, HeldOut = 1 }.Validate();
        new PretrainingOptions { Things = 1, Side = 256, WarmUp = 0.5 }.Validate();
    }

    [Fact]
    public void Steps_RemainderOfABatch_IsLeftOut() => Assert.Equal(3, new PretrainingOptions { Images = 39, BatchSize = 10 }.Steps);
}
