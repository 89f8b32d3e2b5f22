using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.Lab.Docker;
using Homelab.Lab.Ssh;

namespace Homelab.Lab.Hosts;

/// <summary>The <c>docker</c> program of a simulated host. It asks the engine of that host over its own wire, as the real one does: what goes wrong there goes wrong here.</summary>
internal sealed class DockerProgram(SimulatedDockerEngine engine)
{
    private const int Misused = 125;
    private const int ShortId = 12;
    private const int ReadAtOnce = 64 * 1024;

    private Uri Url => new(engine.TcpEndpoint!.Replace("tcp:", "http:", StringComparison.Ordinal));

    internal async Task<ProgramEnd> RunAsync(string[] words, SshExec exec, CancellationToken cancellationToken)
    {
        try
        {
            return words is ["system", "dial-stdio"] ? await DialAsync(exec, cancellationToken) : await AskAsync(words, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return ProgramEnd.Fail("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n");
        }
    }

    private async Task<ProgramEnd> AskAsync(string[] words, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler) { BaseAddress = Url, Timeout = Timeout.InfiniteTimeSpan };
        return words switch
        {
            ["container", "ls", .. var options] => await ListAsync(client, options, cancellationToken),
            ["container", "inspect", "--", .. var names] => await InspectAsync(client, names, cancellationToken),
            ["container", "logs", .. var options, "--", var name] => await LogsAsync(client, name, options, cancellationToken),
            ["container", var verb and ("start" or "stop" or "restart"), .. var options, "--", var name] => await ChangeAsync(client, verb, name, options, cancellationToken),
            _ => ProgramEnd.Fail($"docker: '{string.Join(' ', words)}' is nothing that a simulated host runs.\n", Misused),
        };
    }

    private static async Task<ProgramEnd> ListAsync(HttpClient client, string[] options, CancellationToken cancellationToken)
    {
        var all = options.Contains("--all", StringComparer.Ordinal) || options.Contains("-a", StringComparer.Ordinal);
        using var answer = await client.GetAsync(new Uri($"/containers/json?all={(all ? 1 : 0)}", UriKind.Relative), cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode) return Refused(text);
        var listed = JsonNode.Parse(text)!.AsArray().OfType<JsonObject>();
        if (options.Contains("--quiet", StringComparer.Ordinal) || options.Contains("-q", StringComparer.Ordinal)) return ProgramEnd.Say(string.Concat(listed.Select(c => Id(c) + "\n")));
        return ProgramEnd.Say(Row("CONTAINER ID", "IMAGE", "STATUS", "NAMES") + string.Concat(listed.Select(c => Row(Id(c), $"{c["Image"]}", $"{c["Status"]}", $"{c["Names"]![0]}".TrimStart('/')))));

        string Id(JsonObject container)
        {
            var id = container["Id"]!.GetValue<string>();
            return options.Contains("--no-trunc", StringComparer.Ordinal) ? id : id[..ShortId];
        }

        static string Row(string id, string image, string status, string name) => $"{id,-12}   {image,-24}   {status,-24}   {name}\n";
    }

    private static async Task<ProgramEnd> InspectAsync(HttpClient client, string[] names, CancellationToken cancellationToken)
    {
        var (found, error) = (new JsonArray(), new StringBuilder());
        foreach (var name in names)
        {
            using var answer = await client.GetAsync(new Uri($"/containers/{Uri.EscapeDataString(name)}/json", UriKind.Relative), cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode) found.Add(JsonNode.Parse(text));
            else error.Append(Refused(text).Error);
        }

        return new ProgramEnd(error.Length > 0 ? 1 : 0, found.ToJsonString() + "\n", error.ToString());
    }

    private static async Task<ProgramEnd> ChangeAsync(HttpClient client, string verb, string name, string[] options, CancellationToken cancellationToken)
    {
        var grace = options is ["-t", var seconds] ? $"?t={seconds}" : "";
        using var answer = await client.PostAsync(new Uri($"/containers/{Uri.EscapeDataString(name)}/{verb}{grace}", UriKind.Relative), content: null, cancellationToken);
        return (int)answer.StatusCode is < 400 ? ProgramEnd.Say(name + "\n") : Refused(await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    private static async Task<ProgramEnd> LogsAsync(HttpClient client, string name, string[] options, CancellationToken cancellationToken)
    {
        var query = new StringBuilder("?stdout=1&stderr=1");
        if (options.Contains("--timestamps", StringComparer.Ordinal)) query.Append("&timestamps=1");
        if (After("--tail") is { } tail) query.Append(CultureInfo.InvariantCulture, $"&tail={tail}");
        if (After("--since") is { } since) query.Append(CultureInfo.InvariantCulture, $"&since={since}");
        using var answer = await client.GetAsync(new Uri($"/containers/{Uri.EscapeDataString(name)}/logs{query}", UriKind.Relative), cancellationToken);
        if (!answer.IsSuccessStatusCode) return Refused(await answer.Content.ReadAsStringAsync(cancellationToken));
        var sent = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.Content.Headers.ContentType?.MediaType?.EndsWith("raw-stream", StringComparison.Ordinal) is true ? ProgramEnd.Say(Encoding.UTF8.GetString(sent)) : Split(sent);

        string? After(string option) => options.SkipWhile(o => o != option).ElementAtOrDefault(1);
    }

    // Each piece has a head of eight bytes: which output, and how long.
    private static ProgramEnd Split(byte[] sent)
    {
        const int HeadLength = 8;
        const byte ErrorOutput = 2;
        var (output, error) = (new MemoryStream(), new MemoryStream());
        for (var at = 0; at + HeadLength <= sent.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(sent.AsSpan(at + sizeof(int)));
            (sent[at] == ErrorOutput ? error : output).Write(sent, at + HeadLength, length);
            at += HeadLength + length;
        }

        return new ProgramEnd(0, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    // What docker: ssh in a lab file runs: the engine's wire over the program's input and output.
    private async Task<ProgramEnd> DialAsync(SshExec exec, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(Url.Host, Url.Port, cancellationToken);
        var wire = client.GetStream();
        var feeding = FeedAsync();
        var bytes = new byte[ReadAtOnce];
        int count;
        while ((count = await wire.ReadAsync(bytes, cancellationToken)) > 0) await exec.WriteAsync(bytes.AsMemory(0, count));
        await ending.CancelAsync();
        await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ProgramEnd.Fine;

        async Task FeedAsync()
        {
            await exec.Input.CopyToAsync(wire, ending.Token);
            client.Client.Shutdown(SocketShutdown.Send);
        }
    }

    // {"message":"No such container: x"}
    private static ProgramEnd Refused(string text)
    {
        try
        {
            return ProgramEnd.Fail($"Error response from daemon: {JsonNode.Parse(text)?["message"]?.GetValue<string>()}\n");
        }
        catch (System.Text.Json.JsonException)
        {
            return ProgramEnd.Fail("Error response from daemon: invalid character in its answer\n");
        }
    }
}
