namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>What one output of a node is known to be while a graph is imported.</summary>
internal abstract class Value;

/// <summary>The branch of a Switch that is not taken: whatever is computed from it never happens.</summary>
internal sealed class Dead : Value
{
    public static readonly Dead Branch = new();
}

/// <summary>Something that cannot be imported; an error only when the network needs it.</summary>
internal sealed class Unknown(string reason) : Value
{
    /// <summary>The message of the error: the rule, what was received, the next step.</summary>
    public string Reason => reason;
}
