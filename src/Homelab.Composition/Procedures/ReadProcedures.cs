using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Composition.Procedures;

/// <summary>Shows how things are done in this lab.</summary>
[Operation(
    "sop_get", Level.Monitor, Risk.Read, Aliases = ["get-deployment-sop", "get-sop", "get-resource-allocation-guidelines", "get-placement-strategy"])]
[Description("Shows the lab's procedures: what there is, or with a name also the text, Markdown, line by line. A procedure allows nothing: each of its steps passes the gate.")]
[Example("Get-HlProcedure", "List what there is.")]
[Example("(Get-HlProcedure change-with-approval).Lines", "Read one.")]
public sealed class ReadProcedures(ProcedureShelf shelf) : Query<ReadProcedures.Input, Procedure>
{
    /// <summary>Which ones.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject, Description("The procedure, such as deploy-a-service; * and ? stand for any text and any character. All, without their texts, when not given.")]
        public string? Name { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Name is null ? new Intent("List procedures", Target.Lab) : new Intent("Read procedure", new Target("procedure", input.Name));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<Procedure> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = shelf.Read();
        if (input.Name is { } name && !Wildcard.IsPattern(name))
        {
            var file = all.FirstOrDefault(f => string.Equals(f.Procedure.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? throw new HomelabException(ErrorKind.NotFound, "ProcedureNotFound", $"There is no procedure '{name}'. {NearestName.Hint(name, [.. all.Select(static f => f.Procedure.Name)])}", name);
            if (!file.IsSound) throw new HomelabException(ErrorKind.Invalid, "ProcedureInvalid", $"Procedure '{file.Procedure.Name}' cannot be used: {file.Procedure.Problem}", file.Procedure.Name);
            yield return file.Procedure;
            yield break;
        }

        foreach (var file in all.Where(f => input.Name is null || Wildcard.Matches(input.Name, f.Procedure.Name)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return input.Name is null ? file.Procedure with { Lines = [] } : file.Procedure;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
