using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

using ManualTime = Homelab.Tests.ManualTime;

public sealed class RefusedPasswordTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_tried_once_a_minute_and_no_more()
    {
        await using var server = new RawServer(Answer);
        using var bench = BenchOf(server, new Rotating { Value = "open sesame" });

        var first = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));
        _time.Advance(TimeSpan.FromSeconds(59));
        var second = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Denied, "ProxmoxLoginRefused", true), (first.Kind, first.Id, first.NothingHappened));
        Assert.Equal((first.Kind, first.Id, true), (second.Kind, second.Id, second.NothingHappened));
        Assert.Contains("refused the login of root@pam: authentication failure", first.Message, StringComparison.Ordinal);
        Assert.Contains("env:PASSWORD", first.Message, StringComparison.Ordinal);
        Assert.Contains("not tried again with the same password for 1s", second.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", first.ToString() + second, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests.Count(static r => r.Path == "/access/ticket"));

        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));
        Assert.Equal(2, server.Requests.Count(static r => r.Path == "/access/ticket"));
    }

    [Fact]
    public async Task A_password_that_was_corrected_is_tried_at_once()
    {
        await using var server = new RawServer(Answer);
        var secrets = new Rotating { Value = "open sesame" };
        using var bench = BenchOf(server, secrets);
        await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        secrets.Value = "another";

        Assert.Equal("9.1.9", (await bench.VersionAsync(Cancel)).Version);
    }

    private static RawReply Answer(RawRequest request)
    {
        if (request.Path != "/access/ticket") return RawReply.Data("""{"version":"9.1.9"}""");
        return request.Field("password") == "another"
            ? RawReply.Data("""{"CSRFPreventionToken":"x","ticket":"PVE:root@pam:1::c2ln","username":"root@pam"}""")
            : RawReply.Refusal(401, "authentication failure", """{"data":null,"message":"authentication failure\n"}""");
    }

    private WireBench BenchOf(RawServer server, ISecretSource secrets) =>
        new(new ProxmoxSettings { Url = server.Url, Login = new ProxmoxLoginDefinition { User = "root@pam", Password = WireBench.Reference("PASSWORD") } }, _time, secrets: secrets);

    private sealed class Rotating : ISecretSource
    {
        internal required string Value { get; set; }

        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => ValueTask.FromResult(new Secret(Value));
    }
}
