namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>TensorFlow's numbers for the types of elements that an import tells apart.</summary>
internal enum DataType
{
    Float = 1,
    Double = 2,
    Int32 = 3,
    UInt8 = 4,
    Int16 = 5,
    Int8 = 6,
    Text = 7,
    Int64 = 9,
    Bool = 10,
    BFloat16 = 14,
    Half = 19,
}
