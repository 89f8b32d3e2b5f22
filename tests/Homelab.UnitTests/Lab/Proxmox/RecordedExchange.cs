using System.Text;
using System.Text.RegularExpressions;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>A request that a real Proxmox VE was sent, and what it answered.</summary>
/// <param name="File">The recording, such as <c>05-qemu-lifecycle</c>.</param>
/// <param name="Line">The line of the request in it.</param>
/// <param name="Note">What the recording says about it; empty for most.</param>
public sealed partial record RecordedExchange(string File, int Line, string Note)
{
    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query as they were sent.</summary>
    public required string Target { get; init; }

    /// <summary>The request's headers, in order.</summary>
    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    /// <summary>The request's body; empty for none. Lines of multipart bodies end with CR LF.</summary>
    public required string Body { get; init; }

    /// <summary>The status code.</summary>
    public required int Status { get; init; }

    /// <summary>The reason phrase.</summary>
    public required string Reason { get; init; }

    /// <summary>The answer's headers, in order; one name may come more than once.</summary>
    public required IReadOnlyList<(string Name, string Value)> AnswerHeaders { get; init; }

    /// <summary>The answer's body without the mark of an abridged one.</summary>
    public required string Answer { get; init; }

    /// <summary>True when the recording holds only the beginning of the answer.</summary>
    public bool Abridged { get; init; }

    /// <summary>The path without its query and the leading <c>/api2/json</c>.</summary>
    public string Path => (Target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? Target[..at] : Target) is var path && path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : path;

    /// <summary>Where it is, for a message.</summary>
    public string Place => $"{File}:{Line} {Method} {Target}";

    /// <summary>True when it answers with JSON.</summary>
    public bool IsJson => AnswerHeader("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) is true;

    private const string Prefix = "/api2/json";

    /// <summary>The first header of that name in the answer, or null.</summary>
    public string? AnswerHeader(string name) => AnswerHeaders.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Reads a recording.</summary>
    public static IReadOnlyList<RecordedExchange> ReadAll(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.TrimEnd('\n').Split('\n');
        var exchanges = new List<RecordedExchange>();
        var note = "";
        for (var at = 0; at < lines.Length;)
        {
            if (lines[at].StartsWith('#')) note = lines[at++].TrimStart('#').Trim();
            else if (lines[at].StartsWith('>'))
            {
                exchanges.Add(ReadOne(file, note, lines, ref at));
                note = "";
            }
            else if (lines[at].Length == 0) at++;
            else throw new FormatException($"{file}:{at + 1} is neither note, request nor answer: {lines[at]}");
        }

        return exchanges;
    }

    private static RecordedExchange ReadOne(string file, string note, string[] lines, ref int at)
    {
        var line = at + 1;
        var request = ReadPart(lines, ref at, '>');
        var answer = ReadPart(lines, ref at, '<');
        var first = request.First.Split(' ');
        if (first.Length != 3) throw new FormatException($"{file}:{line} is no request line: {request.First}");
        if (StatusLine().Match(answer.First) is not { Success: true } status) throw new FormatException($"{file}:{line}: no status line: {answer.First}");
        var multipart = request.Headers.Any(static h => h.Name == "Content-Type" && h.Value.StartsWith("multipart/", StringComparison.Ordinal));
        var abridged = AbridgedMark().Match(answer.Body);
        return new RecordedExchange(file, line, note)
        {
            Method = first[0],
            Target = first[1],
            Headers = request.Headers,
            Body = multipart ? request.Body.ReplaceLineEndings("\r\n") : request.Body,
            Status = int.Parse(status.Groups["status"].ValueSpan),
            Reason = status.Groups["reason"].Value,
            AnswerHeaders = answer.Headers,
            Answer = abridged.Success ? answer.Body[..abridged.Index] : answer.Body,
            Abridged = abridged.Success,
        };
    }

    private static (string First, List<(string Name, string Value)> Headers, string Body) ReadPart(string[] lines, ref int at, char mark)
    {
        var part = new List<string>();
        for (; at < lines.Length && lines[at].StartsWith(mark); at++) part.Add(lines[at].Length > 2 ? lines[at][2..] : "");
        var end = part.IndexOf("");
        var head = end < 0 ? part : part[..end];
        var headers = head.Skip(1).Select(static h => (Name: h[..h.IndexOf(':', StringComparison.Ordinal)], Value: h[(h.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())).ToList();
        var body = new StringBuilder();
        if (end >= 0) body.AppendJoin('\n', part[(end + 1)..]);
        return (head.Count == 0 ? "" : head[0], headers, body.ToString());
    }

    [GeneratedRegex(@"^HTTP/1\.1 (?<status>[0-9]{3}) ?(?<reason>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"… \[truncated, [0-9]+ chars\]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex AbridgedMark();
}
