using System.CommandLine;
using Homelab.Composition;

namespace Homelab.Host.Commands;

/// <summary><c>homelab audit</c>: prints the audit, and proves that nobody changed it.</summary>
internal static class AuditCommand
{
    internal static Command Create()
    {
        var lab = LabOption.Create();
        var from = new Option<long>("--from") { Description = "The first line to print.", DefaultValueFactory = _ => 1 };
        var list = new Command("list", "Print the audit.") { from, lab };
        list.SetAction(async (parsed, cancellationToken) =>
        {
            await using var runtime = await OpenAsync(parsed, lab, cancellationToken);
            await foreach (var e in runtime.Store.ReadAuditAsync(parsed.GetValue(from), cancellationToken))
            {
                Console.WriteLine($"{e.Sequence,6} {e.Time:u} {HomelabNames.Of(e.Kind),-8} {e.Trigger}:{e.Identity} {e.Operation} {e.Target} {e.Decision} {e.Result} {e.Error}".TrimEnd());
            }

            return HomelabProgram.Ok;
        });

        var verify = new Command("verify", "Walk the chain of hashes and say whether it holds.") { lab };
        verify.SetAction(async (parsed, cancellationToken) =>
        {
            await using var runtime = await OpenAsync(parsed, lab, cancellationToken);
            var verdict = await AuditChain.VerifyAsync(runtime.Store.ReadAuditAsync(1, cancellationToken), cancellationToken);
            Console.WriteLine(verdict.Intact ? $"intact: {verdict.Line} lines, head {verdict.Head}" : $"BROKEN at line {verdict.Line}: {verdict.Reason}");
            return verdict.Intact ? HomelabProgram.Ok : HomelabProgram.Failed;
        });

        return new Command("audit", "Print the audit, or prove that nobody changed it.") { list, verify };
    }

    private static Task<HomelabRuntime> OpenAsync(ParseResult parsed, Option<FileInfo?> lab, CancellationToken cancellationToken) =>
        HomelabRuntime.OpenAsync(LabOption.Read(parsed, lab), new RuntimeOptions(), cancellationToken);
}
