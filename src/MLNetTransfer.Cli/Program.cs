using MLNetTransfer.Cli;

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};
return Runner.Run(args, Console.Out, Console.Error, cancellation.Token);
