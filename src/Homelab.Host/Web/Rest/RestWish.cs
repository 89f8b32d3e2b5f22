using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Homelab.Host.Web.Rest;

/// <summary>What a client wants done: the guest of the path, the fields of body and query, and how it is asked.</summary>
/// <param name="Vm">The guest.</param>
/// <param name="Input">The operation's input; checked by the gate.</param>
/// <param name="Approval">The approval that was given for it.</param>
/// <param name="DryRun">True to hear only what would be decided.</param>
internal sealed record RestWish(VmRef Vm, JsonElement Input, string? Approval, bool DryRun)
{
    internal const string ApprovalField = "approval";
    private const string DryRunField = "dryRun";
    private const string TimeoutField = "timeout";

    private const int LongestApproval = 64;
    private const int ShownLength = 60;

    /// <exception cref="HomelabException"><c>VmidInvalid</c>, <c>BodyUnreadable</c>, <c>InputInvalid</c> (Invalid).</exception>
    /// <exception cref="BadHttpRequestException">The body is too long, or was cut off.</exception>
    internal static async Task<RestWish> ReadAsync(HttpContext http)
    {
        var vm = VmRoute.Read(http);
        var problems = new List<InputProblem>();
        string? approval = null;
        string? timeout = null;
        var dryRun = false;
        foreach (var (name, values) in http.Request.Query)
        {
            var value = values is [{ } only] ? only : null;
            if (Is(name, ApprovalField) && value is { Length: > 0 and <= LongestApproval } && value.All(char.IsAsciiLetterOrDigit)) approval = value;
            else if (Is(name, TimeoutField) && value is { Length: > 0 }) timeout = value;
            else if (Is(name, DryRunField) && bool.TryParse(value, out var flag)) dryRun = flag;
            // A misspelled dryRun must not switch anything off.
            else problems.Add(new InputProblem(ForeignText.Clean(name, ShownLength), ForeignText.Clean(values.ToString(), ShownLength), "is not understood here", "The query may hold dryRun=true, timeout=60 and approval=<id>, each once."));
        }

        if (problems.Count > 0) throw new InputException(problems);
        return new RestWish(vm, Merge(vm, timeout, await RestBody.ReadAsync(http, "the operation's fields: {\"timeout\": 60}")), approval, dryRun);
    }

    // Written as it came, so that the gate finds what is unknown, given twice or out of range, as it does for every face.
    private static JsonElement Merge(VmRef vm, string? timeout, JsonElement? body)
    {
        var merged = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(merged))
        {
            json.WriteStartObject();
            json.WriteString("vm", vm.ToString());
            if (timeout is not null) json.WriteString(TimeoutField, Seconds(timeout));
            if (body is { } given)
            {
                foreach (var field in given.EnumerateObject())
                {
                    if (Is(field.Name, TimeoutField) && field.Value.ValueKind == JsonValueKind.Number) json.WriteString(TimeoutField, Seconds(field.Value.GetRawText()));
                    else field.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        using var whole = JsonDocument.Parse(merged.WrittenMemory);
        return whole.RootElement.Clone();
    }

    // Old clients count in seconds; everything else of ours carries its unit.
    private static string Seconds(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) ? text + "s" : text;

    private static bool Is(string name, string field) => string.Equals(name, field, StringComparison.OrdinalIgnoreCase);
}
