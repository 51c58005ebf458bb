using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>A convolution without bias and its batch normalisation, computed in the precision of the input.</summary>
internal sealed class ConvolutionUnit : nn.Module<Tensor, Tensor>
{
    private const double Momentum = 0.05;
    private const double Epsilon = 1e-5;

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

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var x = nn.functional.conv2d(input, Weight.to(input.dtype), strides: [Stride, Stride], padding: [Padding, Padding]);
        return nn.functional.batch_norm(x, Mean, Variance, Scale, Shift, training, Momentum, Epsilon);
    }
}
