using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.Host.Logging;
using Homelab.Host.Mcp;
using Homelab.State;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp;

/// <summary>Lines in, messages and errors out: what is no message is answered, is in the audit, and stops nothing.</summary>
public sealed class LineTransportTests : IAsyncLifetime
{
    private const int Limit = 4_096;
    private const string Good = """{"jsonrpc":"2.0","id":99,"method":"ping"}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-lines-");
    private readonly Pipe _in = new();
    private readonly Pipe _out = new(new PipeOptions(pauseWriterThreshold: 0));
    private SqliteStore _store = null!;
    private SdkLog _logs = null!;
    private LineTransport _transport = null!;
    private StreamReader _answers = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync(Path.Combine(_folder.FullName, "lines.db"), TimeProvider.System, Cancellation);
        var policy = new GatePolicy();
        var gate = new OperationGate(new OperationCatalog([]), new Decider(new AccessPolicy(), policy, []), policy.Limits, _store, new ApprovalDesk(_store, policy.Approval, TimeProvider.System), new SecretRedactor(), TimeProvider.System);
        var log = new JsonLog(TextWriter.Null, TimeProvider.System);
        _logs = new SdkLog(log);
        _answers = new StreamReader(_out.Reader.AsStream());
        _transport = new LineTransport(_in.Reader.AsStream(), _out.Writer.AsStream(), Limit, new LineRefusals(gate, new Caller(Face.Mcp, "claude"), log), _logs);
    }

    [Theory]
    [InlineData("this is no JSON", -32700, null, "cannot be read as JSON")]
    [InlineData("{", -32700, null, "cannot be read as JSON")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{", -32700, "7", "cannot be read as JSON")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"} {}", -32700, "\"a\"", "cannot be read as JSON")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"method\":\"tools/call\"}", -32700, "7", "cannot be read as JSON")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"ping\"}", -32700, null, "no Unicode")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{\"\\ud800\":1}}", -32700, "7", "no Unicode")]
    [InlineData("\u0000", -32700, null, "cannot be read as JSON")]
    [InlineData("\"text\"", -32600, null, "an object")]
    [InlineData("null", -32600, null, "an object")]
    [InlineData("7", -32600, null, "an object")]
    [InlineData("[]", -32600, null, "Batches are not taken")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}]", -32600, null, "Batches are not taken")]
    [InlineData("{}", -32600, null, "no JSON-RPC message")]
    [InlineData("{\"id\":7,\"method\":\"ping\"}", -32600, "7", "no JSON-RPC message")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}", -32600, "7", "no JSON-RPC message")]
    [InlineData("{\"jsonrpc\":2,\"id\":7,\"method\":\"ping\"}", -32600, "7", "no JSON-RPC message")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":5}", -32600, "7", "no JSON-RPC message")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600, null, "no JSON-RPC message")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600, null, "no JSON-RPC message")]
    public async Task What_is_no_message_is_answered_and_is_one_line_of_the_audit_and_the_next_message_is_taken(string line, int code, string? id, string says)
    {
        await SayAsync(line, Good);
        var answer = await HearAsync();
        Assert.Equal((code, id), ((int)answer["error"]!["code"]!, answer["id"]?.ToJsonString()));
        Assert.True(answer.AsObject().ContainsKey("id"));
        Assert.Contains(says, (string)answer["error"]!["message"]!, StringComparison.Ordinal);
        await TakenAsync();
        var written = Assert.Single(await AuditAsync());
        Assert.Equal((AuditKind.Denied, "mcp", "claude", "mcp_request"), (written.Kind, written.Trigger, written.Identity, written.Operation));
        Assert.Equal($"a line of {line.Length} bytes", written.Target);
        Assert.Contains(says, written.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_a_reason_to_be_there_is_no_refusal()
    {
        await _in.Writer.WriteAsync(new byte[] { 0xEF, 0xBB, 0xBF }, Cancellation);
        await SayAsync(Good, "", "   ", "\t\r", Good + "\r", $"  {Good}  ", """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        for (var i = 0; i < 3; i++) await TakenAsync();
        Assert.IsType<JsonRpcNotification>(await _transport.MessageReader.ReadAsync(Cancellation));
        Assert.Empty(await AuditAsync());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        await _in.Writer.WriteAsync((byte[])[.. """{"jsonrpc":"2.0","id":7,"method":"x"""u8, 0xFF, 0xFE, .. "\"}\n"u8], Cancellation);
        await SayAsync(Good);
        Assert.Equal(-32700, (int)(await HearAsync())["error"]!["code"]!);
        await TakenAsync();
        Assert.Contains("no Unicode", Assert.Single(await AuditAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_an_end_is_refused_before_it_fills_the_memory()
    {
        await _in.Writer.WriteAsync(Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":5,"method":"ping","params":" """), Cancellation);
        for (var i = 0; i < 200; i++) await _in.Writer.WriteAsync(new byte[Limit].Select(static _ => (byte)'x').ToArray(), Cancellation);
        var answer = await HearAsync();
        Assert.Equal((-32600, 5), ((int)answer["error"]!["code"]!, (int)answer["id"]!));
        await SayAsync("", Good);
        await TakenAsync();
        Assert.Equal($"a line of more than {Limit} bytes", Assert.Single(await AuditAsync()).Target);
    }

    [Fact]
    public async Task A_whole_line_that_is_too_long_is_refused_and_one_at_the_limit_is_not()
    {
        await SayAsync(Good.PadRight(Limit), Good.PadRight(Limit + 1), Good);
        await TakenAsync();
        Assert.Equal(-32600, (int)(await HearAsync())["error"]!["code"]!);
        await TakenAsync();
        Assert.Single(await AuditAsync());
    }

    [Fact]
    public async Task The_last_line_counts_without_its_end_too()
    {
        await _in.Writer.WriteAsync("""{"jsonrpc":"2.0","id":5,"met"""u8.ToArray(), Cancellation);
        await _in.Writer.CompleteAsync();
        Assert.Equal(5, (int)(await HearAsync())["id"]!);
        await _transport.MessageReader.Completion.WaitAsync(Cancellation);
        Assert.Single(await AuditAsync());
    }

    [Fact]
    public async Task A_flood_is_answered_line_by_line_and_leaves_no_more_than_can_be_read()
    {
        const int Lines = 20_000;
        var sending = Task.Run(
            async () =>
            {
                for (var i = 0; i < Lines; i++) await SayAsync("flood");
                await SayAsync(Good);
            },
            Cancellation);
        for (var i = 0; i < Lines; i++) Assert.Equal(-32700, (int)(await HearAsync())["error"]!["code"]!);
        await sending;
        await TakenAsync();
        var lines = await AuditAsync();
        Assert.InRange(lines.Count, RefusalNotes.Most, RefusalNotes.Most + 50);
        Assert.Contains("and not each has a line", lines[^1].Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_nobody_reads_any_more_does_not_hold_up_the_end()
    {
        await SayAsync(Good);
        Assert.True(await _transport.MessageReader.WaitToReadAsync(Cancellation));
        await _transport.DisposeAsync();
        await _transport.MessageReader.Completion.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _answers.Dispose();
        _logs.Dispose();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task SayAsync(params string[] lines)
    {
        foreach (var line in lines) await _in.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancellation);
    }

    private async Task<JsonNode> HearAsync() => JsonNode.Parse((await _answers.ReadLineAsync(Cancellation))!)!;

    private async Task TakenAsync() => Assert.Equal(99L, Assert.IsType<JsonRpcRequest>(await _transport.MessageReader.ReadAsync(Cancellation)).Id.Id);

    private Task<List<AuditEntry>> AuditAsync() => _store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation).AsTask();
}
