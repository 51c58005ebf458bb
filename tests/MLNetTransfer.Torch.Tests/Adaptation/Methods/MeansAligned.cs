using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

/// <summary>Shows what a method added from outside takes: this file. The conformance tests find it; they are its test.</summary>
public sealed class MeansAligned : FeatureAdaptation
{
    public override string Name => "means";

    public override string Summary => "moves the source to the target's mean";

    public override string? Reference => null;

    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var moved = Matrix.From(problem.Source.Features).Centred().Values.PlusRow(Matrix.From(problem.Target.Features).ColumnMeans());
        return new AdaptedFeatures(new(moved.ToFeatures(), problem.Source.Labels, problem.Source.Classes), FeatureMap.Identity(moved.Columns));
    }
}
