using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Torch.Native;
using MLNetTransfer.Torch.Pretraining.Formulas;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>
/// Trains the embedded backbone to tell formulas and their colours apart. Image n is a function of the seed and n, so that no image is shown
/// twice and a run that was cut off goes on from its checkpoint as if nothing had happened.
/// </summary>
public sealed class Pretrainer
{
    /// <summary>How much the question of colours counts beside that of formulas.</summary>
    private const double ThemeWeight = 0.5;

    /// <summary>The images that the statistics of a network that starts from another one are taken from.</summary>
    private const int StartImages = 512;

    private readonly PretrainingOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Prepares a run.</summary>
    /// <param name="options">What to train; checked here.</param>
    /// <param name="time">The clock that speeds are read from; the system's when null.</param>
    /// <exception cref="TransferException">An option is outside its range, or libtorch does not load.</exception>
    public Pretrainer(PretrainingOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        TorchRuntime.EnsureLoaded();
        _options = options;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Trains to the end, or to the cancellation, writing a checkpoint at intervals.</summary>
    /// <param name="checkpoint">The file the run is saved to, and continued from when it exists.</param>
    /// <param name="progress">Told at every checkpoint.</param>
    /// <param name="cancellation">Stops after the current step; the last checkpoint stays.</param>
    /// <exception cref="TransferException">The checkpoint belongs to other options or is damaged, or training diverged.</exception>
    public PretrainingResult Run(string checkpoint, IProgress<PretrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        torch.set_num_threads(_options.Threads);
        torch.random.manual_seed(_options.Seed);
        using var network = new ResidualNetwork(FormulaImages.Classes + (_options.Things > 0 ? FormulaImages.ThingClasses : 0), FormulaImages.Themes, _options.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        var decayed = network.named_parameters().Where(p => p.parameter.dim() > 1).Select(p => p.parameter);
        var others = network.named_parameters().Where(p => p.parameter.dim() <= 1).Select(p => p.parameter);
        using var optimizer = optim.SGD([Group(decayed, _options.WeightDecay), Group(others, 0)], _options.LearningRate);
        var step = PretrainingCheckpoint.Load(checkpoint, _options, network, optimizer);
        var images = Open("training");

        var (lossSum, right, reported, since) = (0.0, 0L, step, _time.GetTimestamp());
        var next = Render(images, step * _options.BatchSize, _options.BatchSize);
        network.train();
        if (_options.From is not null && step == 0)
            Start(network, _options.From);
        while (step < _options.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = next.GetAwaiter().GetResult();
            next = Render(images, (step + 1) * _options.BatchSize, _options.BatchSize);
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = LearningRateAt(step);
            var (loss, correct) = Step(network, optimizer, batch);
            if (!double.IsFinite(loss))
            {
                throw new TransferException(FormattableString.Invariant(
                    $"Training diverged: the loss of step {step} is {loss}. Lower LearningRate (received {_options.LearningRate}) and start again."));
            }

            lossSum += loss;
            right += correct;
            step++;
            if (step % _options.CheckpointEvery != 0 && step != _options.Steps)
                continue;

            PretrainingCheckpoint.Save(checkpoint, _options, network, optimizer, step);
            var steps = step - reported;
            var seconds = _time.GetElapsedTime(since).TotalSeconds;
            progress?.Report(new PretrainingProgress(step, _options.Steps, step * _options.BatchSize, lossSum / steps,
                right / (double)(steps * _options.BatchSize), steps * _options.BatchSize / seconds));
            (lossSum, right, reported, since) = (0, 0, step, _time.GetTimestamp());
        }

        next.GetAwaiter().GetResult();
        var onnx = NetworkExport.ToOnnx(network);
        if (_options.Keep > 0)
        {
            onnx = NetworkMean.Of(onnx, OnnxFile.ReadBytes(_options.From!), _options.Keep);
            NetworkImport.Restore(network, onnx, "mean");
        }

        return new PretrainingResult(HeldOutAccuracy(network, cancellation), _options.HeldOut, onnx);
    }

    private FormulaImages Open(string part) => new(_options.Seed, part, _options.Side, _options.Things);

    /// <summary>Takes over the layers of a backbone; what their outputs are like is measured on images that are used for nothing else.</summary>
    private void Start(ResidualNetwork network, string backbone)
    {
        NetworkImport.Restore(network, backbone);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        network.forward(Render(Open("start"), 0, StartImages).GetAwaiter().GetResult().ToTensor());
    }

    private SGD.ParamGroup Group(IEnumerable<Parameter> parameters, double decay) =>
        new(parameters, _options.LearningRate, momentum: 0.9, dampening: 0, weight_decay: decay, nesterov: true, maximize: false);

    private static (double Loss, long Correct) Step(ResidualNetwork network, SGD optimizer, Batch batch)
    {
        using var scope = NewDisposeScope();
        var (formulas, themes) = network.forward(batch.ToTensor());
        var truth = tensor(batch.Formulas);
        // Named, so that it outlives the call: TorchSharp lets numbers made for one call be collected amid it; a plain sum makes one too.
        using Scalar themeWeight = ThemeWeight;
        var loss = nn.functional.cross_entropy(formulas, truth).add(nn.functional.cross_entropy(themes, tensor(batch.Themes)), themeWeight);
        optimizer.zero_grad();
        loss.backward();
        NesterovStep.Apply(optimizer);
        return (loss.data<float>()[0], formulas.argmax(1).eq(truth).sum().data<long>()[0]);
    }

    private double LearningRateAt(long step)
    {
        var warmUp = Math.Max(1, _options.WarmUp * _options.Steps);
        return step < warmUp
            ? _options.LearningRate * (step + 1) / warmUp
            : _options.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (step - warmUp) / (_options.Steps - warmUp)));
    }

    private static Task<Batch> Render(FormulaImages images, long first, int count) => Task.Run(() =>
    {
        var length = 3 * images.Side * images.Side;
        var batch = new Batch(images.Side, new float[count * length], new long[count], new long[count]);
        Parallel.For(0, count, i =>
        {
            var label = images.Render(first + i, batch.Pixels.AsSpan(i * length, length));
            (batch.Formulas[i], batch.Themes[i]) = (label.Formula, label.Theme);
        });
        return batch;
    });

    private double HeldOutAccuracy(ResidualNetwork network, CancellationToken cancellation)
    {
        var images = Open("held-out");
        network.eval();
        using var inference = no_grad();
        var right = 0L;
        for (var first = 0; first < _options.HeldOut; first += _options.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(_options.BatchSize, _options.HeldOut - first);
            var batch = Render(images, first, count).GetAwaiter().GetResult();
            right += network.forward(batch.ToTensor()).Formulas.argmax(1).eq(tensor(batch.Formulas)).sum().data<long>()[0];
        }

        return right / (double)_options.HeldOut;
    }

    /// <summary>Rendered images and their labels.</summary>
    private sealed record Batch(int Side, float[] Pixels, long[] Formulas, long[] Themes)
    {
        public Tensor ToTensor() => tensor(Pixels, [Formulas.Length, 3, Side, Side]);
    }
}
