using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>Two 3x3 convolutions around which the input is added again, through a 1x1 convolution where the shape changes.</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    // Kept, because TorchSharp lets numbers made for one call be collected amid it; a plain sum makes one.
    private readonly Scalar _one = 1;

    /// <summary>Builds the block.</summary>
    public ResidualBlock(string name, int inputs, int outputs, int stride) : base(name)
    {
        First = new ConvolutionUnit("first", inputs, outputs, 3, stride);
        Second = new ConvolutionUnit("second", outputs, outputs, 3, 1);
        Shortcut = inputs == outputs && stride == 1 ? null : new ConvolutionUnit("shortcut", inputs, outputs, 1, stride);
        register_module("first", First);
        register_module("second", Second);
        if (Shortcut is not null)
            register_module("shortcut", Shortcut);
    }

    /// <summary>The convolution that may change the shape.</summary>
    public ConvolutionUnit First { get; }

    /// <summary>The convolution before the sum.</summary>
    public ConvolutionUnit Second { get; }

    /// <summary>The 1x1 convolution of the input; null where the input is added as it is.</summary>
    public ConvolutionUnit? Shortcut { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var x = nn.functional.relu(First.forward(input));
        return nn.functional.relu(Second.forward(x).add(Shortcut is null ? input : Shortcut.forward(input), _one));
    }
}
