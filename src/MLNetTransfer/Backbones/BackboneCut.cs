namespace MLNetTransfer.Backbones;

/// <summary>A backbone that ends at one of its cuts: an ONNX graph from images to features, ready to run.</summary>
public sealed class BackboneCut
{
    internal BackboneCut(Backbone backbone, Cut cut, byte[] onnx, string inputName, string outputName)
    {
        Backbone = backbone;
        Cut = cut;
        Onnx = onnx;
        InputName = inputName;
        OutputName = outputName;
    }

    /// <summary>The backbone that was cut.</summary>
    public Backbone Backbone { get; }

    /// <summary>Where it was cut.</summary>
    public Cut Cut { get; }

    /// <summary>
    /// The graph as an ONNX file: one input of float32 [N, 3, S, S] ([N, S, S, 3] where that is the layout of its preprocessing; 1
    /// for 3 for grey) and one output of float32 [N, D], any N, with nothing in it that the features do not need. Not to be changed. The same cut of the same backbone has the same bytes.
    /// </summary>
    public byte[] Onnx { get; }

    /// <summary>The name of the input.</summary>
    public string InputName { get; }

    /// <summary>The name of the output: "features" unless the backbone uses that name itself.</summary>
    public string OutputName { get; }

    /// <summary>D, the number of features an image has.</summary>
    public int Dimensions => Cut.Dimensions;
}
