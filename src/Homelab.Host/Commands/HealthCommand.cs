using System.CommandLine;
using System.Text.Json;

namespace Homelab.Host.Commands;

/// <summary><c>homelab health</c>: asks a running <c>homelab serve</c> how it is. For supervisors in images that have no curl.</summary>
internal static class HealthCommand
{
    // Below the ten seconds that the shipped container check allows, so that the reason is told and not cut off.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private const int LongestExcerpt = 200;

    private static readonly string s_default = $"http://{new ServerDefinition().Listen}";

    internal static Command Create()
    {
        // Not the lab file's address: a mistake in a file that is being edited says nothing about the program that runs.
        var url = new Option<string>("--url") { Description = "Where it listens.", DefaultValueFactory = static _ => s_default };
        url.Validators.Add(static result =>
        {
            if (!IsAddress(result.GetValueOrDefault<string>())) result.AddError($"--url is not an http or https address. Give one such as {s_default}.");
        });
        var command = new Command("health", "Ask a running 'serve' how it is; exit code 1 when it is not well or does not answer.") { url };
        command.SetAction((parsed, cancellationToken) => RunAsync(new Uri(new Uri(parsed.GetValue(url)!), "/health"), cancellationToken));
        return command;
    }

    private static bool IsAddress(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static async Task<int> RunAsync(Uri url, CancellationToken cancellationToken)
    {
        // A supervisor asks the program itself: no proxy of the environment stands between them.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = s_patience };
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            // Only its own word counts: any page of any server answers 200.
            if (!answer.IsSuccessStatusCode || !SaysOk(text)) throw new HomelabException(ErrorKind.Failed, "NotHealthy", $"{url} answered {(int)answer.StatusCode}: {ForeignText.Clean(text, LongestExcerpt)}", url.ToString());
            Console.WriteLine(text);
            return HomelabProgram.Ok;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var why = e is HttpRequestException ? e.Message.TrimEnd('.') : $"it did not answer within {s_patience.TotalSeconds:0} seconds";
            throw new HomelabException(ErrorKind.Unavailable, "HealthUnknown", $"{url} cannot be asked: {why}. Check that 'homelab serve' runs and that --url is its server.listen.", url.ToString(), e);
        }
    }

    private static bool SaysOk(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("status", out var status) && status.ValueEquals("ok");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a status that is no text: whoever answers there is not one of us.
            return false;
        }
    }
}
