using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Composition.Access;

/// <summary>
/// Asks a person whether an AI client may come in. The OAuth page asks it, in the client's name, for a browser that waits; what a person then said yes to is exactly what
/// that browser asked for. By itself it gives nothing: the code that the browser is sent back with is the page's.
/// </summary>
[Operation("mcp_allow_client", Level.Monitor, Risk.Change, Unattended = Requirement.Ask, Offered = false)]
[Description("Asks a person whether an AI client may come in, for a browser that waits at the OAuth page. Only that page can ask it.")]
[Example("Get-HlApproval", "See the question that waits.")]
[Example("Get-HlApproval | Where-Object Operation -EQ mcp_allow_client | Approve-HlApproval", "Let the client in.")]
public sealed class AllowMcpClient(AccessDesk desk) : Change<AllowMcpClient.Input, AiClientConsent>
{
    private const int ShownName = 40;

    /// <summary>What a browser asks for.</summary>
    public sealed record Input
    {
        /// <summary>The client's id.</summary>
        [Subject, Description("The client's id.")]
        public required string Client { get; init; }

        /// <summary>What it calls itself.</summary>
        [Description("What it calls itself, where it registered itself: a claim."), StringLength(200)]
        public string? ClaimedName { get; init; }

        /// <summary>The most it may do.</summary>
        [Description("The most it may do.")]
        public required Level Level { get; init; }

        /// <summary>Where the browser is sent back to.</summary>
        [Description("The site or program that the browser is sent back to."), StringLength(300)]
        public required string SentTo { get; init; }

        /// <summary>What the browser shows.</summary>
        [Description("What the browser shows that asked, so that a person can tell it from another."), StringLength(20)]
        public required string Code { get; init; }

        /// <summary>Which browser asks.</summary>
        [Description("The page's own name for the browser that asks."), StringLength(100)]
        public required string Request { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // A claim stands in marks that it cannot close itself.
        var name = input.ClaimedName is { } claimed ? $" that calls itself «{ForeignText.Clean(claimed.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal), ShownName)}»" : "";
        return new Intent($"Let in at level {HomelabNames.Of(input.Level)}, for the browser that shows {input.Code} and is sent back to {ForeignText.Clean(input.SentTo, 200)}, the AI client{name}:", new Target("mcp-client", input.Client));
    }

    /// <inheritdoc/>
    protected override Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        if (desk.Consents.Find(input.Request) is not { } asked || asked != ConsentOf(input) || context.Caller != new Caller(Face.Mcp, input.Client))
        {
            throw new HomelabException(ErrorKind.NotFound, "ConsentNotAsked", "No browser waits for this. A client is let in by its own page: have it begin there.", input.Client) { NothingHappened = true };
        }

        return Task.FromResult(new Prepared<Input>(input, null));
    }

    /// <inheritdoc/>
    protected override Task<AiClientConsent> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken) => Task.FromResult(ConsentOf(input));

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) => Task.FromResult(Settlement.DidNotHappen);

    private static AiClientConsent ConsentOf(Input input) =>
        new() { Client = input.Client, ClaimedName = input.ClaimedName, Level = input.Level, SentTo = input.SentTo, Code = input.Code };
}
