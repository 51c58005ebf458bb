using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class CandidateChoiceTests
{
    private static readonly HeadOptions Quick = new() { L2Grid = [4, 64, 1024], Folds = 4, ValidationFolds = 5, Seed = 2 };

    [Fact]
    public void Choose_OneCandidateKnows_TakesIt()
    {
        var (known, labels) = Sample.Overlapping(90, 10, 2, shift: 2, seed: 8);
        var matrix = Beside(Noise(90, 10, seed: 1), known, Noise(90, 10, seed: 2));
        var choice = Choose([new(matrix, [(0, 10)]), new(matrix, [(10, 10)]), new(matrix, [(20, 10)])], labels);
        Assert.Equal(1, choice.Index);
        Assert.Equal(90, choice.Figures[1].Images);
        Assert.InRange(choice.Figures[1].Right, 80, 90);
        Assert.InRange(choice.Figures[0].Right, 30, 60);
    }

    [Fact]
    public void Choose_EqualCandidates_TakesTheCheapest()
    {
        var (known, labels) = Sample.Overlapping(90, 10, 2, shift: 2, seed: 8);
        var matrix = Beside(Noise(90, 10, seed: 1), known, known);
        var choice = Choose([new(matrix, [(0, 10)]), new(matrix, [(10, 10)]), new(matrix, [(20, 10)])], labels);
        Assert.Equal(choice.Figures[1].LogLoss, choice.Figures[2].LogLoss);
        Assert.Equal(1, choice.Index);
    }

    [Fact]
    public void Predict_ManyCandidatesOfNoise_IsChanceWhereTheBestOfThemLooksBetter()
    {
        const int Images = 120, Candidates = 150;
        var deviation = .5 / Math.Sqrt(Images);
        var matrix = Noise(Images, Candidates * 3, seed: 3);
        var random = new Random(4);
        int[] labels = [.. Enumerable.Range(0, Images).Select(_ => random.Next(2))];
        FeatureView[] views = [.. Enumerable.Range(0, Candidates).Select(i => new FeatureView(matrix, [(3 * i, 3)]))];

        var naive = Choose(views, labels).Figures.Max(figures => (double)figures.Right / Images);
        var decisions = NestedValidation.Predict(views, labels, Sample.Singles(Images), 2, Quick, threads: 2, CancellationToken.None).Decisions;
        var honest = decisions.Zip(labels).Count(pair => pair.First == pair.Second) / (double)Images;

        Assert.InRange(honest, .5 - 3 * deviation, .5 + 2 * deviation);
        Assert.True(naive > .5 + 2 * deviation, $"The best of {Candidates} looks like {naive}.");
    }

    [Fact]
    public void Train_SeveralCandidates_IsTheHeadOfTheChosenOneOnAnyNumberOfThreads()
    {
        var (known, labels) = Sample.Overlapping(90, 10, 2, shift: 1, seed: 8);
        var matrix = Beside(Noise(90, 10, seed: 1), known);
        FeatureView[] views = [new(matrix, [(0, 10)]), new(matrix, [(10, 10)])];
        var alone = HeadTrainer.Train(known, labels, Sample.Singles(90), ["a", "b"], "b", Quick);
        foreach (var threads in new[] { 1, 3 })
        {
            var options = new HeadOptions { L2Grid = Quick.L2Grid, Folds = 4, ValidationFolds = 5, Seed = 2, Threads = threads };
            var head = HeadTrainer.Train(views, labels, Sample.Singles(90), ["a", "b"], "b", options, CancellationToken.None);
            Assert.Equal(1, head.Candidate);
            Assert.Equal(alone.L2, head.L2);
            Assert.Equal(Probabilities(alone), Probabilities(head));
        }

        float[] Probabilities(TrainedHead head)
        {
            var values = new float[2];
            return [.. Enumerable.Range(0, 90).Select(row =>
            {
                head.Linear.Probabilities(known.Row(row), values);
                return values[1];
            })];
        }
    }

    private static CandidateChoice Choose(FeatureView[] views, int[] labels) =>
        CandidateChoice.Choose(views, labels, Sample.Singles(labels.Length), Sample.Singles(labels.Length), [1, 1], Quick, threads: 2, CancellationToken.None);

    private static FeatureMatrix Noise(int images, int columns, int seed) => Sample.Overlapping(images, columns, 2, shift: 0, seed).Features;

    private static FeatureMatrix Beside(params FeatureMatrix[] parts) => new(
        parts[0].Rows, parts.Sum(part => part.Columns),
        [.. Enumerable.Range(0, parts[0].Rows).SelectMany(row => parts.SelectMany(part => part.Row(row).ToArray()))]);
}
