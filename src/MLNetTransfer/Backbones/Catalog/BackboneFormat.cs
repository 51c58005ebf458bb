using System.Text.Json.Serialization;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>What kind of file a backbone of the catalog is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackboneFormat>))]
public enum BackboneFormat
{
    /// <summary>An ONNX graph: used as it is.</summary>
    [JsonStringEnumMemberName("onnx")]
    Onnx,

    /// <summary>A TensorFlow MetaGraphDef: imported into ONNX before it is used.</summary>
    [JsonStringEnumMemberName("tensorflow-meta")]
    TensorFlowMeta,
}
