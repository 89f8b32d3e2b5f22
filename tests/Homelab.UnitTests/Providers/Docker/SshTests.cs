using System.Text;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

/// <summary>An engine behind a program that is spoken with.</summary>
public sealed class SshTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("warning\nsh: docker: not found", "DockerUnreachable", ErrorKind.Unavailable)]
    [InlineData("permission denied while trying to connect to the Docker daemon socket", "DockerDenied", ErrorKind.Denied)]
    public async Task What_the_program_says_last_is_the_error_and_nothing_happened(string said, string id, ErrorKind kind)
    {
        var talk = new Talk("", said);
        using var client = ClientOf(talk);

        var e = await Assert.ThrowsAsync<HomelabException>(() => client.Containers.RestartAsync("x", null, TimeSpan.FromSeconds(10), Cancel));

        Assert.Equal((kind, id, true), (e.Kind, e.Id, e.NothingHappened));
        if (id == "DockerUnreachable") Assert.Contains("sh: docker: not found", e.Message, StringComparison.Ordinal);
        Assert.True(talk.IsDisposed);
    }

    [Fact]
    public async Task Why_a_host_does_not_let_us_in_stays_what_it_is()
    {
        using var client = new DockerClient(new SshTransport(Endpoint, new Remote(null)), TimeProvider.System, _ => { });

        var e = await Assert.ThrowsAsync<HomelabException>(() => client.Containers.RestartAsync("x", null, TimeSpan.FromSeconds(10), Cancel));

        Assert.Equal((ErrorKind.Denied, "HostKeyUnknown", true), (e.Kind, e.Id, e.NothingHappened));
    }

    [Fact]
    public async Task The_program_ends_with_its_connection()
    {
        var talk = new Talk("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 2\r\n\r\nOK", "");
        var client = ClientOf(talk);
        await client.System.PingAsync(Cancel);
        Assert.False(talk.IsDisposed);

        client.Dispose();

        Assert.True(talk.IsDisposed);
        Assert.Equal(["docker", "system", "dial-stdio"], talk.Words);
    }

    private static SshEndpoint Endpoint => new("dev", "100.64.0.1", new SshDefinition { User = "automation" });

    private static DockerClient ClientOf(Talk talk) => new(new SshTransport(Endpoint, new Remote(talk)), TimeProvider.System, _ => { });

    private sealed class Remote(Talk? talk) : IRemoteHosts
    {
        public IReadOnlyList<string> Hosts => ["dev"];

        public Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken)
        {
            if (talk is null) throw new HomelabException(ErrorKind.Denied, "HostKeyUnknown", "No key is known.", host) { NothingHappened = true };
            Assert.Equal("dev", host);
            talk.Words = words;
            return Task.FromResult<IRemoteTalk>(talk);
        }
    }

    // What a program prints, whatever it is told.
    private sealed class Talk(string prints, string said) : MemoryStream(Encoding.ASCII.GetBytes(prints)), IRemoteTalk
    {
        internal IReadOnlyList<string> Words { get; set; } = [];

        internal bool IsDisposed { get; private set; }

        public Stream Stream => this;

        public Task<string> LastWordsAsync() => Task.FromResult(said);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
