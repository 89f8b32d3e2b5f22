using System.IO.Compression;
using System.Text;
using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ProxmoxAnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<html><body>It works!</body></html>", "text/html", "it is a web page")]
    [InlineData("", "application/json", "it is empty")]
    [InlineData("{\"data\":", "application/json", "no JSON")]
    [InlineData("[1]", "application/json", "no JSON")]
    [InlineData("{\"data\":{\"version\":[1]}}", "application/json", "no JSON of the expected shape, at $.version")]
    [InlineData("{\"success\":1}", "application/json", "it holds no data")]
    [InlineData("{\"data\":null}", "application/json", "it holds no data")]
    public async Task An_answer_that_is_not_of_Proxmox_is_a_failure(string body, string type, string says)
    {
        await using var server = new RawServer(_ => RawReply.Ok(body, type));
        using var bench = new WireBench(server);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Failed, "ProxmoxAnswerUnreadable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Contains("Is providers.proxmox.url the address of Proxmox's API?", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("{}")]
    [InlineData("{\"data\":\"UPID:x\"} {}")]
    public async Task A_change_whose_answer_cannot_be_read_may_have_happened(string body)
    {
        await using var server = new RawServer(_ => RawReply.Ok(body));
        using var bench = new WireBench(server);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Wire.ChangeAsync(HttpMethod.Post, $"/pools", ProxmoxForm.Empty, Cancel));

        Assert.Equal(("ProxmoxAnswerUnreadable", false), (e.Id, e.NothingHappened));
    }

    [Fact]
    public async Task Keys_may_come_in_any_order_and_number()
    {
        await using var server = new RawServer(_ => RawReply.Ok("""{"changes":{"a":[1,{"data":2}]},"data":{"version":"9.1.9"},"total":3,"message":null}"""));
        using var bench = new WireBench(server);

        Assert.Equal("9.1.9", (await bench.VersionAsync(Cancel)).Version);
    }

    [Fact]
    public async Task An_answer_that_comes_compressed_is_read()
    {
        await using var server = new RawServer(_ => Compressed(Zip("""{"data":{"version":"9.1.9"}}""")));
        using var bench = new WireBench(server);

        Assert.Equal("9.1.9", (await bench.VersionAsync(Cancel)).Version);
    }

    [Fact]
    public async Task An_answer_that_is_only_said_to_be_compressed_is_a_failure()
    {
        await using var server = new RawServer(_ => Compressed([.. "what is this?"u8]));
        using var bench = new WireBench(server);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal("ProxmoxAnswerUnreadable", e.Id);
    }

    [Fact]
    public async Task An_answer_that_says_both_close_and_keep_alive_is_followed_by_a_new_connection()
    {
        await using var server = new RawServer(_ => new RawReply("HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: Keep-Alive\r\nContent-Length: 13\r\n\r\n{\"data\":null}") { Drops = true });
        using var bench = new WireBench(server);

        for (var i = 0; i < 2; i++) await bench.Wire.ChangeAsync(HttpMethod.Post, $"/pools", ProxmoxForm.Empty, Cancel);

        Assert.Equal([1, 2], server.Requests.Select(static r => r.Connection));
    }

    [Fact]
    public async Task An_answer_of_more_than_64_MiB_is_not_read_to_its_end()
    {
        var piece = new string(' ', 1024 * 1024);
        await using var server = new RawServer(_ => new RawReply($"HTTP/1.1 200 OK\r\nContent-Length: {70 * 1024 * 1024}\r\n\r\n{string.Concat(Enumerable.Repeat(piece, 70))}"));
        using var bench = new WireBench(server);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal("ProxmoxAnswerUnreadable", e.Id);
        Assert.Contains("more than 64 MiB", e.Message, StringComparison.Ordinal);
    }

    private static RawReply Compressed(byte[] body) =>
        new($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n") { Rest = body };

    private static byte[] Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(text));
        return zipped.ToArray();
    }
}
