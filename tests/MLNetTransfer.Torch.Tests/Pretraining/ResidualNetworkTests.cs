using MLNetTransfer.Torch.Pretraining;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Pretraining;

[Collection(TorchCollection.Name)]
public sealed class ResidualNetworkTests
{
    [Fact]
    public void Forward_AnySideAndBatch_OneLogitAClass()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Networks.Untrained(7, seed: 1);
        network.eval();
        foreach (var (batch, side) in new[] { (1, 32), (3, 64), (2, 81) })
            Assert.Equal([batch, 7], network.forward(rand(batch, 3, side, side)).Formulas.shape);
    }

    [Fact]
    public void Forward_OneImage_DoesNotDependOnTheOthersInInference()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Networks.Seasoned(7, seed: 1);
        network.eval();
        var images = rand(4, 3, 32, 32);
        var together = network.forward(images).Formulas.select(0, 2).data<float>().ToArray();
        var alone = network.forward(images.narrow(0, 2, 1)).Formulas.data<float>().ToArray();
        Networks.AssertClose(together, alone, 1e-5f);
    }

    /// <summary>What an operation is given must outlive it: a collection amid the native call frees everything that nothing refers to.</summary>
    [Fact]
    public void Forward_AmidGarbageCollections_SameBits()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Networks.Seasoned(7, seed: 1);
        network.eval();
        var images = rand(2, 3, 32, 32);
        var expected = network.forward(images).Formulas.data<float>().ToArray();
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Thread.Sleep(1);
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                using var step = NewDisposeScope();
                Assert.Equal(expected, network.forward(images).Formulas.data<float>().ToArray());
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    /// <summary>A network that can learn at all learns four images by heart.</summary>
    [Fact]
    public void Train_FewImages_AreLearntByHeart()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Untrained(4, seed: 3);
        using var optimizer = optim.SGD(network.parameters(), 0.05);
        var images = rand(4, 3, 32, 32);
        var truth = tensor(new long[] { 2, 0, 3, 1 });
        network.train();
        var loss = float.MaxValue;
        for (var step = 0; step < 40; step++)
        {
            using var inner = NewDisposeScope();
            var error = nn.functional.cross_entropy(network.forward(images).Formulas, truth);
            optimizer.zero_grad();
            error.backward();
            optimizer.step();
            loss = error.data<float>()[0];
        }

        Assert.InRange(loss, 0, 0.05);
    }

    [Fact]
    public void Parameters_OfBlocks_AreAllRegistered()
    {
        // Closed form: a unit has k * k * inputs * outputs weights, a scale and a shift a channel; a shortcut where the shape changes.
        static long Unit(long inputs, long outputs, long kernel) => (kernel * kernel * inputs * outputs) + (2 * outputs);
        var expected = Unit(3, ResidualNetwork.Widths[0], 5);
        var channels = ResidualNetwork.Widths[0];
        for (var stage = 0; stage < ResidualNetwork.Widths.Length; stage++)
        {
            for (var block = 0; block < ResidualNetwork.Blocks[stage]; block++)
            {
                var width = ResidualNetwork.Widths[stage];
                expected += Unit(channels, width, 3) + Unit(width, width, 3);
                if (channels != width || (stage > 0 && block == 0))
                    expected += Unit(channels, width, 1);
                channels = width;
            }
        }

        using var network = Networks.Untrained(7, seed: 1);
        Assert.Equal(expected + ((channels + 1) * (7 + Networks.Themes)), network.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(network.named_parameters().Count(), network.named_parameters().Select(p => p.name).Distinct().Count());
    }

    /// <summary>
    /// The slope of the loss along the gradient itself is the length of the gradient; along any other direction, their inner product.
    /// Oracle: central differences. Float32 and kinks of the rectifiers leave about 1 %.
    /// </summary>
    [Fact]
    public void Backward_EveryParameter_AgreesWithFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var network = Networks.Seasoned(5, seed: 4);
        network.train();
        var images = rand(4, 3, 64, 64);
        var truth = tensor(new long[] { 0, 1, 4, 2 });
        var themes = tensor(new long[] { 2, 0, 1, 1 });
        Tensor Loss()
        {
            var logits = network.forward(images);
            return nn.functional.cross_entropy(logits.Formulas.to(ScalarType.Float64), truth) + nn.functional.cross_entropy(logits.Themes.to(ScalarType.Float64), themes);
        }

        Loss().backward();
        foreach (var (name, parameter) in network.named_parameters())
        {
            var gradient = parameter.grad;
            Assert.True(gradient is not null, $"{name} has no gradient.");
            var length = gradient.norm().item<float>();
            Assert.True(length > 0, $"The gradient of {name} is 0.");
            var direction = (gradient / length).detach();
            var sideways = rand_like(gradient) - 0.5f;
            var mixed = direction + (sideways / sideways.norm());
            AssertSlope(name, parameter, direction, length, Loss);
            AssertSlope(name, parameter, mixed, (gradient * mixed).sum().item<float>(), Loss);
        }
    }

    private static void AssertSlope(string name, Parameter parameter, Tensor direction, float expected, Func<Tensor> loss)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var start = parameter.detach().clone();
        var step = Math.Min(0.002f, 0.001f / expected);
        double At(float distance)
        {
            parameter.copy_(start + (direction * distance));
            return loss().item<double>();
        }

        var slope = (At(step) - At(-step)) / (2 * step);
        parameter.copy_(start);
        Assert.True(Math.Abs(slope - expected) <= 0.03f * expected, $"The slope of {name} is {slope}, its gradient says {expected}.");
    }
}
