using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

/// <summary>An engine whose answers are written beforehand: a ping on the first connection, the given bytes on each further one.</summary>
internal sealed class Canned(byte[] body) : DockerTransport(new UnixEndpoint("dev", "/canned"))
{
    private bool _greeted;

    /// <summary>The whole answer on the first connection.</summary>
    internal byte[] Greeting { get; init; } = [.. "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nConnection: close\r\n\r\nOK"u8];

    internal override ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        byte[] answer = _greeted ? [.. "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8, .. body] : Greeting;
        _greeted = true;
        return new ValueTask<Stream>(new Replay(answer));
    }

    private sealed class Replay(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanWrite => true;

        public override void Write(byte[] buffer, int offset, int count)
        {
            // Nobody listens.
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
