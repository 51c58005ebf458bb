using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>A convolution without bias and its batch normalisation, computed in the precision of the input.</summary>
internal sealed class ConvolutionUnit : nn.Module<Tensor, Tensor>
{
    private const double Momentum = 0.05;
    private const double Epsilon = 1e-5;
    private bool _isUnfolded;

    /// <summary>Builds the unit with He-normal weights (fan in).</summary>
    public ConvolutionUnit(string name, int inputs, int outputs, int kernel, int stride) : base(name)
    {
        Stride = stride;
        Padding = kernel / 2;
        using Scalar deviation = MathF.Sqrt(2f / (inputs * kernel * kernel));
        Weight = new Parameter(randn(outputs, inputs, kernel, kernel).mul(deviation));
        Scale = new Parameter(ones(outputs));
        Shift = new Parameter(zeros(outputs));
        Mean = zeros(outputs);
        Variance = ones(outputs);
        register_parameter("weight", Weight);
        register_parameter("scale", Scale);
        register_parameter("shift", Shift);
        register_buffer("mean", Mean);
        register_buffer("variance", Variance);
    }

    /// <summary>The step between outputs, in pixels.</summary>
    public int Stride { get; }

    /// <summary>Zeros added at each edge.</summary>
    public int Padding { get; }

    /// <summary>[outputs, inputs, kernel, kernel].</summary>
    public Parameter Weight { get; }

    private Parameter Scale { get; }

    private Parameter Shift { get; }

    private Tensor Mean { get; }

    private Tensor Variance { get; }

    /// <summary>Weights and biases of the one convolution that equals this unit in inference.</summary>
    public (float[] Weight, float[] Bias) Fold()
    {
        using var scope = NewDisposeScope();
        using Scalar epsilon = Epsilon;
        var scale = Scale.detach() / Variance.add(epsilon).sqrt();
        var weight = Weight.detach() * scale.view(-1, 1, 1, 1);
        var bias = Shift.detach() - (Mean * scale);
        return (weight.data<float>().ToArray(), bias.data<float>().ToArray());
    }

    /// <summary>
    /// Takes over one convolution, the inverse of <see cref="Fold"/>: the next batch sets the statistics, and scale and shift undo them, so
    /// that the unit computes what the convolution does and is normalised from then on.
    /// </summary>
    /// <param name="weight">[outputs, inputs, kernel, kernel], row-major.</param>
    /// <param name="bias">[outputs].</param>
    public void Unfold(float[] weight, float[] bias)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Weight.copy_(tensor(weight).view(Weight.shape));
        Shift.copy_(tensor(bias));
        _isUnfolded = true;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var x = nn.functional.conv2d(input, Weight.to(input.dtype), strides: [Stride, Stride], padding: [Padding, Padding]);
        if (_isUnfolded)
            Adjust(x);
        return nn.functional.batch_norm(x, Mean, Variance, Scale, Shift, training, Momentum, Epsilon);
    }

    /// <summary>Sets the statistics to those of a batch, and scale and shift so that they cancel out.</summary>
    private void Adjust(Tensor output)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using Scalar epsilon = Epsilon;
        var values = output.to(ScalarType.Float32);
        Mean.copy_(values.mean([0, 2, 3]));
        Variance.copy_(values.var([0, 2, 3], unbiased: false));
        Scale.copy_(Variance.add(epsilon).sqrt());
        Shift.add_(Mean);
        _isUnfolded = false;
    }
}
