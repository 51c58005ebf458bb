namespace MLNetTransfer;

/// <summary>
/// Something the user gave cannot be used: a folder, an image set, a model file, an option. The message states the rule, what was
/// received and the next step. The console runner turns it into exit code 2; nothing has been written when it is thrown.
/// </summary>
public class TransferException : Exception
{
    /// <summary>Creates the error from its message: the rule, what was received, the next step.</summary>
    public TransferException(string message) : base(message) { }

    /// <summary>Creates the error from its message and the failure underneath it.</summary>
    public TransferException(string message, Exception innerException) : base(message, innerException) { }
}
