using System.Diagnostics;
using Homelab.Tests;

namespace Homelab.SystemTests.Network;

/// <summary>A zone that was signed by BIND's own tools, offline, with keys that nobody else has.</summary>
/// <param name="Text">The file of the signed zone.</param>
/// <param name="Anchor">The DS record of its key, which whoever checks the signatures must trust.</param>
internal sealed record SignedZone(string Text, string Anchor)
{
    /// <summary>Signs a zone, or skips the test with the reason.</summary>
    internal static async Task<SignedZone> CreateAsync(string zone, string text, CancellationToken cancellationToken)
    {
        var missing = new[] { "dnssec-keygen", "dnssec-signzone" }.FirstOrDefault(static p => !File.Exists("/usr/bin/" + p) && !File.Exists("/usr/sbin/" + p));
        Peer.Require("named", missing is null ? null : $"{missing} is not installed: apt-get install bind9-utils");
        var folder = Directory.CreateTempSubdirectory("hl-zone-");
        try
        {
            var key = (await RunAsync(folder.FullName, ["dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", zone], cancellationToken)).Trim();
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "zone"), text + await File.ReadAllTextAsync(Path.Combine(folder.FullName, key + ".key"), cancellationToken), cancellationToken);
            await RunAsync(folder.FullName, ["dnssec-signzone", "-z", "-S", "-o", zone, "-f", "signed", "zone", key], cancellationToken);
            var anchor = (await RunAsync(folder.FullName, ["dnssec-dsfromkey", "-2", key], cancellationToken)).Trim();
            return new SignedZone(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "signed"), cancellationToken), anchor);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(string folder, string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {await errors}");
    }
}
