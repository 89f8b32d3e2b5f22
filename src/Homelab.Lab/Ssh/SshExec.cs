using System.IO.Pipelines;
using System.Text;

namespace Homelab.Lab.Ssh;

/// <summary>One command that a client runs: the line that its login shell is given, and the three streams.</summary>
/// <param name="line">The line.</param>
/// <param name="send">Sends bytes: to the error output when the flag is set.</param>
internal sealed class SshExec(string line, Func<ReadOnlyMemory<byte>, bool, Task> send)
{
    private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string Line => line;

    /// <summary>What it is given as input.</summary>
    internal PipeReader Input => _input.Reader;

    /// <summary>Ends with the input, or with the connection.</summary>
    internal Task InputEnded => _ended.Task;

    internal Task WriteAsync(ReadOnlyMemory<byte> output) => send(output, false);

    internal Task WriteAsync(string output) => output.Length == 0 ? Task.CompletedTask : send(Encoding.UTF8.GetBytes(output), false);

    internal Task WriteErrorAsync(string error) => error.Length == 0 ? Task.CompletedTask : send(Encoding.UTF8.GetBytes(error), true);

    internal Task FeedAsync(ReadOnlyMemory<byte> input) => _ended.Task.IsCompleted ? Task.CompletedTask : _input.Writer.WriteAsync(input).AsTask();

    internal void EndInput()
    {
        if (_ended.TrySetResult()) _input.Writer.Complete();
    }
}
