using System.Globalization;

namespace Homelab.Providers.Network;

/// <summary>HTTP status codes that count as up: <c>200</c>, <c>200-299</c>.</summary>
internal sealed class StatusCodes
{
    private readonly List<(int Low, int High)> _ranges = [];

    /// <exception cref="HomelabException"><c>CheckInvalid</c> (Invalid).</exception>
    internal static StatusCodes Parse(IReadOnlyList<string> texts)
    {
        var codes = new StatusCodes();
        foreach (var text in texts)
        {
            var dash = text.IndexOf('-', StringComparison.Ordinal);
            if (!TryCode(dash < 0 ? text : text[..dash], out var low) || !TryCode(dash < 0 ? text : text[(dash + 1)..], out var high) || high < low)
            {
                throw new HomelabException(ErrorKind.Invalid, "CheckInvalid", $"expect: '{ForeignText.Clean(text, 40)}' is no status code. Give codes such as 401 or 200-299.", text);
            }

            codes._ranges.Add((low, high));
        }

        return codes;
    }

    internal bool Hold(int code) => _ranges.Exists(range => code >= range.Low && code <= range.High);

    private static bool TryCode(string text, out int code) =>
        int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out code) && code is >= 100 and <= 599;
}
