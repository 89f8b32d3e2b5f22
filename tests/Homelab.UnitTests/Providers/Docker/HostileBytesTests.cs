using System.Text;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

/// <summary>Whatever an engine, or what sits before it, answers: it is read, or it is our own error, and nothing else.</summary>
public sealed class HostileBytesTests
{
    private const int Rounds = 400;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("list.json")]
    [InlineData("inspect-unhealthy.json")]
    [InlineData("stats.json")]
    [InlineData("events.ndjson")]
    [InlineData("logs.bin")]
    public async Task A_damaged_answer_is_read_or_is_an_error_of_ours(string recorded)
    {
        var random = new Random(20260131);
        var good = Recorded.Read(recorded);
        for (var round = 0; round < Rounds; round++)
        {
            var damaged = Damage(good, random);
            try
            {
                await AskAsync(damaged, recorded);
            }
            catch (HomelabException e)
            {
                Assert.Contains(e.Id, (string[])["DockerAnswerUnreadable", "DockerConnectionLost"]);
                Assert.InRange(e.Message.Length, 10, 2000);
            }
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nApi-Version: ../../etc\r\nContent-Length: 2\r\n\r\nOK")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian\r\n")]
    [InlineData("")]
    public async Task What_is_no_docker_engine_is_an_error_of_ours(string answer)
    {
        using var client = new DockerClient(new Canned([]) { Greeting = Encoding.ASCII.GetBytes(answer) }, TimeProvider.System, _ => { });

        var e = await Assert.ThrowsAsync<HomelabException>(() => client.Containers.ListAsync(Cancel));

        Assert.Contains(e.Id, (string[])["DockerAnswerUnreadable", "DockerConnectionLost"]);
    }

    private static async Task AskAsync(byte[] damaged, string recorded)
    {
        using var client = new DockerClient(new Canned(damaged), TimeProvider.System, _ => { });
        var some = new ContainerDetail { Name = "x", Host = "dev", Id = "ab", Image = "i", State = ContainerState.Running, Health = ContainerHealth.None };
        switch (recorded)
        {
            case "list.json":
                await client.Containers.ListAsync(Cancel);
                break;
            case "inspect-unhealthy.json":
                await client.Containers.InspectAsync("x", Cancel);
                break;
            case "stats.json":
                await client.Containers.StatsAsync(some, Cancel);
                break;
            case "logs.bin":
                await foreach (var line in client.Containers.LogsAsync(some, tail: 10, since: null, follow: false, Cancel)) Assert.NotNull(line.Text);
                break;
            default:
                using (var wire = new DockerWire(new Canned(damaged), TimeProvider.System, _ => { }))
                using (var reader = await EventReader.OpenAsync(wire, "/events", Cancel))
                {
                    while (await reader.ReadAsync(Cancel) is { } happened) Assert.NotEmpty(happened.Action);
                }

                break;
        }
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        var damaged = (byte[])good.Clone();
        for (var i = random.Next(1, 6); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }
}
