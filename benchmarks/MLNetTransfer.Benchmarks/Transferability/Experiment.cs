using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>
/// Yosinski, Clune, Bengio and Lipson, "How transferable are features in deep neural networks?", NIPS 2014, on formula images: trains the networks of a
/// split one after the other, noting each as it is finished. A run that was cut off goes on behind the last network that was noted.
/// </summary>
/// <param name="plan">How every network is trained.</param>
/// <param name="results">Where networks are noted.</param>
/// <param name="folder">Where the weights of the bases are kept.</param>
internal sealed class Experiment(TrainingPlan plan, ResultsFile results, string folder)
{
    /// <summary>Trains the networks of a split that are not noted yet.</summary>
    /// <param name="similarity">How the tasks are split.</param>
    /// <param name="seed">Of the split and everything else.</param>
    /// <param name="progress">Told of every network that is finished.</param>
    /// <param name="cancellation">Stops before the next network.</param>
    /// <returns>How many networks were trained.</returns>
    public int Run(Similarity similarity, int seed, Action<NetworkResult>? progress = null, CancellationToken cancellation = default)
    {
        var done = results.Read(plan.Identity).Select(result => result.Run).ToHashSet();
        NetworkRun[] missing = [.. NetworkRun.Of(similarity, seed).Where(run => !done.Contains(run))];
        if (missing.Length == 0)
            return 0;
        var split = ClassSplit.Of(similarity, seed, plan.Classes);
        using var training = TaskImages.Render(split.B, seed, "training", plan.Images, plan.Side);
        using var heldOut = TaskImages.Render(split.B, seed, "held-out", plan.HeldOut, plan.Side);
        foreach (var run in missing)
        {
            cancellation.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            var (accuracy, loss) = run.Arm == Arm.BaseA ? TrainBaseA(run, split) : Train(run, training, heldOut);
            var result = new NetworkResult(run, accuracy, loss, clock.Elapsed.TotalSeconds, plan.Identity);
            results.Add(result);
            progress?.Invoke(result);
        }

        return missing.Length;
    }

    private (double Accuracy, double Loss) TrainBaseA(NetworkRun run, ClassSplit split)
    {
        using var training = TaskImages.Render(split.A, run.Seed, "training", plan.Images, plan.Side);
        using var heldOut = TaskImages.Render(split.A, run.Seed, "held-out", plan.HeldOut, plan.Side);
        return Train(run, training, heldOut);
    }

    private (double Accuracy, double Loss) Train(NetworkRun run, TaskImages training, TaskImages heldOut)
    {
        using var network = Begin(run, training);
        var frozen = run.Arm is Arm.SelfFrozen or Arm.TransferFrozen or Arm.RandomFrozen ? run.Layers : 0;
        var longer = run.Arm == Arm.BaseTwice ? plan with { Epochs = 2 * plan.Epochs } : plan;
        var loss = TaskTraining.Run(network, frozen, training, longer, Stream(run, "order"));
        if (run.Arm is Arm.BaseA or Arm.BaseB)
            Save(network, run);
        return (TaskTraining.Accuracy(network, heldOut), loss);
    }

    /// <summary>The network as it is before training.</summary>
    public CutNetwork Begin(NetworkRun run, TaskImages training)
    {
        var network = new CutNetwork(Stream(run, "weights"), plan.Classes, plan.Width);
        if (run.Arm == Arm.RandomFrozen)
            TaskTraining.TakeStatistics(network, run.Layers, training, plan.Batch);
        var source = run.Arm switch
        {
            Arm.SelfFrozen or Arm.SelfTuned => Arm.BaseB,
            Arm.TransferFrozen or Arm.TransferTuned => Arm.BaseA,
            _ => (Arm?)null,
        };
        if (source is { } lower)
        {
            using var trained = Load(run with { Arm = lower, Layers = 0 });
            network.CopyBelow(run.Layers, trained);
        }

        return network;
    }

    /// <summary>
    /// Networks with the same cut share the random weights above it and the order of images, whatever lies below: what they differ in is what they start
    /// from. No base has the weights of another network, or layers retrained above its own would start where they once did.
    /// </summary>
    private static RandomStream Stream(NetworkRun run, string purpose) => RandomStream.Derive(run.Seed,
        FormattableString.Invariant($"transferability/{run.Similarity}/{(run.Layers == 0 ? run.Arm.ToString() : run.Layers)}/{purpose}"));

    private string File(NetworkRun run) => Path.Combine(folder, FormattableString.Invariant(
        $"{run.Similarity}-{run.Seed}-{run.Arm}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plan.Identity)))[..8]}.weights"));

    private void Save(CutNetwork network, NetworkRun run)
    {
        Directory.CreateDirectory(folder);
        network.save(File(run) + ".tmp");
        System.IO.File.Move(File(run) + ".tmp", File(run), overwrite: true);
    }

    private CutNetwork Load(NetworkRun run)
    {
        if (!System.IO.File.Exists(File(run)))
            throw new TransferException($"The weights of a base belong beside its result; '{File(run)}' is missing. Name the folder the experiment was begun in, or delete the line of {run.Name} from the results.");
        var network = new CutNetwork(Stream(run, "weights"), plan.Classes, plan.Width);
        network.load(File(run));
        return network;
    }
}
