using System.Runtime.CompilerServices;
using Homelab.Configuration;
using Homelab.State;

namespace Homelab.Composition;

/// <summary>
/// Looks at a lab as a whole: its files, runbooks and policy, the secrets it names, the systems it talks to, and its services. Changes nothing and
/// leaves nothing behind.
/// </summary>
public static class LabInspection
{
    private const string FileGroup = "file";
    private const string RunbookGroup = "runbook";
    private const string PolicyGroup = "policy";
    private const string ProcedureGroup = "procedure";

    /// <summary>Reads a lab and looks at it.</summary>
    /// <param name="read">Reads it; every mistake of a <see cref="ConfigurationException"/> becomes a check of its own.</param>
    /// <param name="options">How to look.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IAsyncEnumerable<LabCheck> InspectAsync(Func<LabFile> read, InspectionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return InspectAsync(read(), options, cancellationToken);
        }
        catch (ConfigurationException e)
        {
            return e.Problems.Select(static p => Mistake(FileGroup, p)).ToAsyncEnumerable();
        }
    }

    /// <summary>Looks at a lab that was read.</summary>
    public static async IAsyncEnumerable<LabCheck> InspectAsync(LabFile file, InspectionOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        yield return LabCheck.Ok(FileGroup, file.Lab.Name, $"{file.Lab.Hosts.Count} hosts, {file.Lab.Services.Count} services");
        foreach (var warning in file.Warnings) yield return LabCheck.Warning(FileGroup, warning.Position.ToString(), $"{warning.Path} {warning.Reason}", warning.WayOut);

        var folder = Directory.CreateTempSubdirectory("homelab-check-");
        try
        {
            var (runtime, mistakes) = await OpenAsync(file, options.Runtime with { StatePath = Path.Combine(folder.FullName, "check.db") }, cancellationToken).ConfigureAwait(false);
            foreach (var mistake in mistakes) yield return mistake;
            if (runtime is null) yield break;
            await using (runtime.ConfigureAwait(false))
            {
                foreach (var check in Fit(runtime)) yield return check;
                await foreach (var check in LookAsync(runtime, options, cancellationToken).ConfigureAwait(false))
                {
                    yield return check with { Detail = runtime.Redactor.Redact(check.Detail), Fix = runtime.Redactor.Redact(check.Fix) };
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(HomelabRuntime? Runtime, IReadOnlyList<LabCheck> Mistakes)> OpenAsync(LabFile file, RuntimeOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return (await HomelabRuntime.OpenAsync(file, options, cancellationToken).ConfigureAwait(false), []);
        }
        catch (ConfigurationException e)
        {
            return (null, [.. e.Problems.Select(static p => Mistake(RunbookGroup, p))]);
        }
        catch (HomelabException e)
        {
            return (null, [LabCheck.Failed(ConnectionLook.Connection, e.Target ?? file.Lab.Name, e, "Mend the lab file there; nothing else was looked at.")]);
        }
    }

    // What shows only when lab, catalog and runbooks meet.
    private static IEnumerable<LabCheck> Fit(HomelabRuntime runtime)
    {
        var ofRunbooks = new List<ConfigurationProblem>();
        foreach (var runbook in runtime.Runbooks)
        {
            var problems = runtime.Checker.Check(runbook);
            ofRunbooks.AddRange(problems);
            if (problems.Count == 0) yield return LabCheck.Ok(RunbookGroup, runbook.Name, runbook.Description);
            foreach (var problem in problems) yield return Mistake(RunbookGroup, problem);
        }

        foreach (var file in runtime.Procedures.Read())
        {
            if (file.IsSound) yield return LabCheck.Ok(ProcedureGroup, file.Procedure.Name, file.Procedure.Summary);
            foreach (var problem in file.Problems) yield return Mistake(ProcedureGroup, problem);
        }

        var others = runtime.Check().Except(ofRunbooks).ToList();
        foreach (var problem in others) yield return Mistake(problem.Path.StartsWith("hooks.", StringComparison.Ordinal) ? "hook" : PolicyGroup, problem);
        if (others.Exists(static p => p.Path.StartsWith("policy.", StringComparison.Ordinal))) yield break;
        var policy = runtime.File.Lab.Policy;
        yield return LabCheck.Ok(PolicyGroup, runtime.File.Lab.Name, $"{policy.Approvals.Count} operations and {policy.Targets.Count} targets with rules of their own, {policy.Protected.Count} protected");
    }

    private static async IAsyncEnumerable<LabCheck> LookAsync(HomelabRuntime runtime, InspectionOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (options.Offline)
        {
            yield return LabCheck.Skipped(ConnectionLook.Connection, runtime.File.Lab.Name, "secrets, connections, rights and services were not looked at: offline was asked for", "Look again without it.");
            yield break;
        }

        foreach (var (path, reference) in SecretWalk.In(runtime.File.Lab)) yield return await OpenAsync(runtime, path, reference, cancellationToken).ConfigureAwait(false);
        if (runtime.File.Lab.Server.Database is { } database)
        {
            foreach (var check in await DatabaseAsync(runtime, database, cancellationToken).ConfigureAwait(false)) yield return check;
        }

        await foreach (var check in runtime.CheckConnectionsAsync(cancellationToken).ConfigureAwait(false)) yield return check;
        await foreach (var check in ServicesAsync(runtime, options.Caller, cancellationToken).ConfigureAwait(false)) yield return check;
    }

    private static async Task<IReadOnlyList<LabCheck>> DatabaseAsync(HomelabRuntime runtime, SecretReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await PostgresLook.LookAsync("state database", await runtime.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException)
        {
            // That the secret cannot be opened was said above.
            return [LabCheck.Skipped(ConnectionLook.Connection, "state database", "its connection string cannot be opened", "Mend server.database first.")];
        }
    }

    private static async Task<LabCheck> OpenAsync(HomelabRuntime runtime, string path, SecretReference reference, CancellationToken cancellationToken)
    {
        const string Group = "secret";
        try
        {
            await runtime.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
            return LabCheck.Ok(Group, path, $"{reference} can be opened");
        }
        catch (HomelabException e)
        {
            var fix = reference.Scheme switch
            {
                "env" => $"Set the environment variable {reference.Name} for this process, or change {path}.",
                "file" => $"Write it into the file {reference.Name} beside the lab file, readable by this user alone, or change {path}.",
                _ => $"Keep it under that name in a vault that is open, or change {path}.",
            };
            return LabCheck.Failed(Group, path, e.WayOut.Length > 0 ? $"{runtime.File.Source.Of(path)}: {e.What}" : $"{runtime.File.Source.Of(path)}: {e.Message}", fix);
        }
    }

    private static async IAsyncEnumerable<LabCheck> ServicesAsync(HomelabRuntime runtime, Caller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new GateRequest { Operation = "network_check_services", Caller = caller };
        var items = runtime.Gate.QueryAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                LabCheck? check = null;
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false)) yield break;
                }
                catch (HomelabException e)
                {
                    check = LabCheck.Failed(PolicyGroup, request.Operation, e, "Let this caller look at services: access in the lab file.");
                }

                yield return check ?? OfService(runtime.File.Lab, (ProbeResult)items.Current);
                if (check is not null) yield break;
            }
        }
    }

    private static LabCheck OfService(LabDefinition lab, ProbeResult probe)
    {
        const string Group = "service";
        var detail = $"{probe.Kind} {probe.Address}: {probe.Detail}";
        if (probe.Status == ProbeStatus.Up) return LabCheck.Ok(Group, probe.Name, detail);
        var hint = lab.Services.TryGetValue(probe.Name, out var service) ? service.Hint : "";
        return LabCheck.Failed(Group, probe.Name, detail, hint.Length > 0 ? hint : $"Look whether it runs, and whether services.{probe.Name}.check is right.");
    }

    private static LabCheck Mistake(string group, ConfigurationProblem problem) => LabCheck.Failed(group, problem.Position.ToString(), $"{problem.Path} {problem.Reason}", problem.WayOut);
}
