namespace Homelab.Lab.Ssh;

/// <summary>One channel of a connection: a session in which one command runs (RFC 4254 sections 5 and 6).</summary>
/// <param name="packets">The connection.</param>
/// <param name="id">What the client calls it; we call it the same.</param>
/// <param name="window">How many bytes the client takes until it says more.</param>
/// <param name="most">How many bytes the client takes in one packet.</param>
/// <param name="runAsync">Runs a command and gives its exit code.</param>
internal sealed class SshChannel(SshPackets packets, uint id, uint window, uint most, Func<SshExec, CancellationToken, Task<int>> runAsync) : IAsyncDisposable
{
    internal const uint Window = 2 * 1024 * 1024;
    internal const uint MostInPacket = 32 * 1024;

    private const uint ErrorOutput = 1;

    // EX_SOFTWARE of sysexits.h.
    private const int Broken = 70;

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private long _window = window;
    private TaskCompletionSource _widened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SshExec? _exec;
    private Task _running = Task.CompletedTask;

    /// <summary>True when we have said that nothing more comes.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Takes a command. False when there is one already.</summary>
    internal bool Take(string line)
    {
        if (_exec is not null) return false;
        _exec = new SshExec(line, SendAsync);
        return true;
    }

    /// <summary>Runs it, once the client was told that it is taken.</summary>
    internal void Run() => _running = RunAsync(_exec!);

    internal Task FeedAsync(ReadOnlyMemory<byte> input) => _exec?.FeedAsync(input) ?? Task.CompletedTask;

    internal void EndInput() => _exec?.EndInput();

    /// <summary>The client takes so many bytes more.</summary>
    internal void Widen(uint bytes)
    {
        lock (_lock)
        {
            _window += bytes;
            _widened.TrySetResult();
            _widened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Ends the command, if it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _exec?.EndInput();
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task RunAsync(SshExec exec)
    {
        // What runs here for long shall not hold whoever reads the connection.
        await Task.Yield();
        try
        {
            var code = await RunToEndAsync(exec);
            await packets.WriteAsync(new SshWriter(SshMessage.ChannelRequest).Number(id).Text("exit-status").Flag(false).Number((uint)code), _ending.Token);
            await packets.WriteAsync(new SshWriter(SshMessage.EndOfData).Number(id), _ending.Token);
            IsClosed = true;
            await packets.WriteAsync(new SshWriter(SshMessage.ChannelClose).Number(id), _ending.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client has left, or the connection was cut: nobody is told anything.
        }
    }

    private async Task<int> RunToEndAsync(SshExec exec)
    {
        try
        {
            return await runAsync(exec, _ending.Token);
        }
        catch (Exception e) when (!_ending.IsCancellationRequested)
        {
            // A mistake of the simulation must not look like a host that is silent.
            await exec.WriteErrorAsync($"the simulated host failed: {e}\n");
            return Broken;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, bool isError)
    {
        while (!bytes.IsEmpty)
        {
            Task? widened = null;
            var count = 0;
            lock (_lock)
            {
                count = (int)Math.Min(Math.Min(_window, most), bytes.Length);
                if (count == 0) widened = _widened.Task;
                _window -= count;
            }

            if (widened is not null)
            {
                await widened.WaitAsync(_ending.Token);
                continue;
            }

            var message = isError ? new SshWriter(SshMessage.ExtendedData).Number(id).Number(ErrorOutput) : new SshWriter(SshMessage.Data).Number(id);
            await packets.WriteAsync(message.Bytes(bytes.Span[..count]), _ending.Token);
            bytes = bytes[count..];
        }
    }
}
