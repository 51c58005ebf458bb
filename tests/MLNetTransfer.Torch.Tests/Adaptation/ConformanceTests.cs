using System.Reflection;
using MLNetTransfer.Domains;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Tests.Adaptation;

/// <summary>What every catalogued method keeps to, and every one that this assembly adds: a new method is tested by being there.</summary>
[Collection(TorchCollection.Name)]
public sealed class ConformanceTests
{
    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, AdaptationMethod> All { get; } =
        AdaptationCatalog.Methods.Concat(AdaptationCatalog.In(typeof(ConformanceTests).Assembly)).ToDictionary(method => method.Name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Method_OfTheCatalog_SaysWhatItIs(string name)
    {
        var method = All[name];

        Assert.Matches("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", method.Name);
        Assert.Matches("^[^.]{10,100}$", method.Summary);
        Assert.True(method.Reference is null || System.Text.RegularExpressions.Regex.IsMatch(method.Reference, @"\b(19|20)\d\d$"), "A reference ends with its year.");
        Assert.True(method.GetType().IsSealed);
        Assert.All(method.Candidates, candidate => Assert.IsType(method.GetType(), candidate));
        Assert.Same(method, method.Candidates[0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_Twice_SameBytesOnAnyNumberOfThreads(string name)
    {
        var method = All[name];
        var problem = Problems.Turned(method);
        try
        {
            var expected = Values(method.Adapt(problem), problem);
            TorchSharp.torch.set_num_threads(3);
            var again = new float[4][];
            Parallel.For(0, again.Length, i => again[i] = Values(method.Adapt(problem), problem));

            Assert.All(again, values => Assert.Equal(expected, values));
            Assert.Equal(3, TorchSharp.torch.get_num_threads());
        }
        finally
        {
            TorchCollection.UseOneThread();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_IdenticalDomains_LosesLittleAgainstSourceOnly(string name)
    {
        var method = All[name];
        var domain = Problems.Domain(90, 6, "identical", distance: 2.5);
        var floor = Problems.Accuracy(AdaptationCatalog.Find("none").Adapt(Problems.Of(AdaptationCatalog.Find("none"), domain, domain)), domain);

        var accuracy = Problems.Accuracy(method.Adapt(Problems.Of(method, domain, domain)), domain);

        Assert.True(accuracy >= floor - .06, $"{accuracy:0.000} against {floor:0.000}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_ConstantFeaturesHereAndThere_IsAsRightAsWithoutThem(string name)
    {
        var method = All[name];
        // The fourth never varies, the fifth only in the source, the sixth only in the target.
        var source = Problems.Domain(60, 6, "source").With((_, j, value) => j is 3 or 5 ? 2 : value);
        var target = Problems.TurnedTarget().With((_, j, value) => j is 3 or 4 ? 2 : value);

        var model = method.Adapt(Problems.Of(method, source, target));

        Assert.True(Problems.Accuracy(model, target) >= .7);
        RequireProbabilities(model, target);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_MoreFeaturesThanImages_GivesProbabilities(string name)
    {
        var method = All[name];
        var (source, target) = (Problems.Domain(18, 40, "source", distance: 8), Problems.Domain(12, 40, "target", distance: 8));

        var model = method.Adapt(Problems.Of(method, source, target));

        RequireProbabilities(model, target);
        Assert.True(Problems.Accuracy(model, target) >= .6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_SingularCovariances_GivesProbabilities(string name)
    {
        var method = All[name];
        // The last three features repeat the first three.
        static LabeledFeatures Repeated(LabeledFeatures domain) => domain.With((row, j, value) => j >= 3 ? domain.Features.Row(row)[j - 3] : value);
        var target = Repeated(Problems.TurnedTarget());

        var model = method.Adapt(Problems.Of(method, Repeated(Problems.Domain(60, 6, "source")), target));

        RequireProbabilities(model, target);
        Assert.True(Problems.Accuracy(model, target) >= .7);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_ClassWithoutImages_IsNeverTheMostProbable(string name)
    {
        var method = All[name];
        var all = Problems.Domain(60, 6, "source");
        var source = all.Select([.. Enumerable.Range(0, 60).Where(row => row % 3 != 1)]);
        var target = Problems.TurnedTarget().Select([.. Enumerable.Range(0, 48).Where(row => row % 3 != 1)]);

        var model = method.Adapt(Problems.Of(method, source, target));

        RequireProbabilities(model, target);
        Assert.DoesNotContain(1, model.Labels(target.Features));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_TargetOfOneClass_GivesProbabilitiesOrSaysWhyNot(string name)
    {
        var method = All[name];
        var target = Problems.TurnedTarget().Select([.. Enumerable.Range(0, 48).Where(row => row % 3 == 1)]);
        try
        {
            RequireProbabilities(method.Adapt(Problems.Of(method, Problems.Domain(60, 6, "source"), target)), target);
        }
        catch (TransferException refusal)
        {
            Assert.Contains(";", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_UnusableProblem_IsRefusedWithTheRule(string name)
    {
        var method = All[name];
        var (source, target) = (Problems.Domain(60, 6, "source"), Problems.TurnedTarget());
        void Refused(string rule, LabeledFeatures from, LabeledFeatures to, LabeledFeatures? shots = null) =>
            Assert.Contains(rule, Assert.Throws<TransferException>(() => method.Adapt(
                new AdaptationProblem(from, to.WithoutLabels(), shots ?? (method.NeedsShots ? target : null)))).Message, StringComparison.Ordinal);

        Refused("A target has 2 or more images; received 1", source, target.Select([0]));
        Refused("A source has images of 2 or more classes; received 1", source.Select([0, 3, 6]), target);
        Refused("Features are finite numbers; received NaN in row 2 of the target", source, target.With((row, j, value) => row == 2 && j == 1 ? float.NaN : value));
        Refused("Features are finite numbers; received Infinity in row 0 of the source", source.With((row, j, value) => row == 0 ? float.PositiveInfinity : value), target);
        Refused("Features differ between images; all 48 rows of the target are the same", source, target.With((_, _, _) => 1));
        Refused("have the classes of the source", source, target, new LabeledFeatures(target.Features, target.Labels, ["ash", "birch", "oak"]));
        if (method.NeedsShots)
            Assert.Contains("learns from a few labelled images of the target; received none",
                Assert.Throws<TransferException>(() => method.Adapt(new AdaptationProblem(source, target.WithoutLabels()))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_HyperParameterOutOfRange_IsRefusedByName(string name)
    {
        var parameters = All[name].GetType().GetProperties().Where(property => property.CanWrite && (property.PropertyType == typeof(double) || property.PropertyType == typeof(int)));
        foreach (var parameter in parameters)
            foreach (var wrong in parameter.PropertyType == typeof(int) ? new object[] { -1 } : [-1d, double.NaN, double.PositiveInfinity])
            {
                var method = (AdaptationMethod)Activator.CreateInstance(All[name].GetType())!;
                parameter.SetValue(method, wrong);

                Assert.Contains(parameter.Name + " is", Assert.Throws<TransferException>(() => method.Adapt(Problems.Turned(method))).Message, StringComparison.Ordinal);
            }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_Cancelled_Stops(string name)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => All[name].Adapt(Problems.Turned(All[name]), null, cancelled.Token));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Adapt_ByDefault_IsLayersAndALinearClassifier(string name)
    {
        var problem = Problems.Turned(All[name]);
        var model = All[name].Adapt(problem);

        var classifier = Assert.IsType<LinearClassifier>(model.Classifier);
        Assert.Equal(problem.Target.Features.Columns, model.Map.Inputs);
        Assert.Equal(model.Map.Outputs, classifier.Weights.Rows);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Method_OfTheLibrary_HasAPage(string name)
    {
        if (All[name].GetType().Assembly != typeof(AdaptationMethod).Assembly)
            return;
        var page = Repository.Path("docs", "adaptation", name + ".md");
        Assert.True(File.Exists(page), $"Write docs/adaptation/{name}.md: idea, equation, when it fails, reference, defaults.");
        var text = File.ReadAllText(page);
        Assert.StartsWith($"# {name}\n", text, StringComparison.Ordinal);
        Assert.Contains("## When it fails", text, StringComparison.Ordinal);
        Assert.Contains($"[{name}]({name}.md)", File.ReadAllText(Repository.Path("docs", "adaptation", "README.md")), StringComparison.Ordinal);
    }

    /// <summary>Held-out labels cannot be passed: what a method sees of the target has no place for them.</summary>
    [Fact]
    public void Problem_OfAMethod_HasNoPlaceForTargetLabels()
    {
        Assert.Equal(typeof(UnlabeledFeatures), typeof(AdaptationProblem).GetProperty(nameof(AdaptationProblem.Target))!.PropertyType);
        Assert.Equal([typeof(FeatureMatrix)], typeof(UnlabeledFeatures).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(property => property.PropertyType));
        Assert.False(typeof(UnlabeledFeatures).IsAssignableFrom(typeof(LabeledFeatures)));
        Assert.All(typeof(AdaptationMethod).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
            method => Assert.DoesNotContain(method.GetParameters(), parameter => parameter.ParameterType == typeof(LabeledFeatures)));
    }

    private static float[] Values(AdaptedModel model, AdaptationProblem problem)
    {
        var probabilities = model.Probabilities(problem.Target.Features);
        return [.. Enumerable.Range(0, probabilities.Rows).SelectMany(row => probabilities.Row(row).ToArray())];
    }

    private static void RequireProbabilities(AdaptedModel model, LabeledFeatures target)
    {
        var probabilities = model.Probabilities(target.Features);
        for (var row = 0; row < probabilities.Rows; row++)
        {
            var values = probabilities.Row(row).ToArray();
            Assert.All(values, value => Assert.InRange(value, 0, 1));
            Assert.Equal(1, values.Sum(), 1e-5);
        }
    }
}
