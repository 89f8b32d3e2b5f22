using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Homelab.Composition;
using Homelab.Composition.Access;
using Microsoft.AspNetCore.WebUtilities;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>Asks a person, through the gate and in the client's name, whether it may come in, and sends the browser that waits back with a code once somebody has said yes.</summary>
internal sealed class ConsentDesk(HomelabRuntime runtime, TokenMint mint)
{
    private const string Operation = "mcp_allow_client";
    private const int IdBytes = 16;
    // Whoever knows a client's id can have people asked: not more often than one answers.
    private const int MostOfClient = 3;
    private const int Most = 30;
    private const string CodeLetters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int CodeLength = 4;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, ConsentRequest> _waiting = new(StringComparer.Ordinal);

    /// <summary>Asks.</summary>
    /// <returns>What waits, and the text that the browser must show again.</returns>
    /// <exception cref="OAuthException">The policy refuses the client, or too much waits already.</exception>
    internal async Task<(ConsentRequest Request, string Cookie)> AskAsync(OAuthClient client, string redirect, string? state, string challenge, string resource, string origin)
    {
        var cookie = CredentialSecret.New("");
        var request = new ConsentRequest
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
            CookieHash = CredentialSecret.HashOf(cookie),
            Client = client,
            Asked = new AiClientConsent { Client = client.Id, ClaimedName = client.ClaimedName, Level = client.Level, SentTo = ForeignText.Cut(RedirectAddress.ShownAs(redirect), 300), Code = NewCode() },
            Redirect = redirect,
            State = state,
            Challenge = challenge,
            Resource = resource,
            Origin = origin,
        };
        Begin(request);
        runtime.Access.Consents.Add(request.Id, request.Asked);
        try
        {
            if (await runtime.Gate.InvokeAsync(Wish(request, approval: null), CancellationToken.None) is not GateOutcome.Waiting { Approval: var approval }) throw new InvalidOperationException("The gate let a client in without asking anybody.");
            request.Approval = approval.Id;
            request.ExpiresAt = approval.ExpiresAt;
            return (request, cookie);
        }
        catch (HomelabException e) when (e.Kind is ErrorKind.Denied or ErrorKind.Refused)
        {
            Remove(request);
            throw new OAuthException(StatusCodes.Status400BadRequest, "access_denied", "The lab's policy lets no such client in.");
        }
        catch
        {
            Remove(request);
            throw;
        }
    }

    /// <summary>What waits under a name, for the browser that asked it; null where there is none, or the browser is another.</summary>
    internal ConsentRequest? Find(string? id, string? cookie) =>
        id is not null && cookie is not null && _waiting.TryGetValue(id, out var request)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CredentialSecret.HashOf(cookie)), Encoding.ASCII.GetBytes(request.CookieHash)) ? request : null;

    /// <summary>Where to send the browser; null while nobody has answered.</summary>
    internal async Task<string?> LookAsync(ConsentRequest request, CancellationToken cancellationToken)
    {
        var approval = await runtime.Approvals.GetAsync(request.Approval, cancellationToken);
        if (approval.Status == ApprovalStatus.Pending || !request.TryEnd()) return null;
        try
        {
            if (approval.Status != ApprovalStatus.Approved) return Refused(request, "access_denied", approval.Status == ApprovalStatus.Denied ? "A person said no." : "Nobody said yes in time.");
            return await LetInAsync(request);
        }
        finally
        {
            Remove(request);
        }
    }

    /// <summary>The address of a client with an error for it.</summary>
    internal static string Refused(string redirect, string? state, string origin, string error, string description) =>
        Answer(redirect, state, origin, [new("error", error), new("error_description", description)]);

    private static string Refused(ConsentRequest request, string error, string description) => Refused(request.Redirect, request.State, request.Origin, error, description);

    private async Task<string> LetInAsync(ConsentRequest request)
    {
        try
        {
            // Not the browser's own end: what a person agreed to is used once, whoever hangs up.
            if (await runtime.Gate.InvokeAsync(Wish(request, request.Approval), CancellationToken.None) is not GateOutcome.Done) return Refused(request, "access_denied", "A person must agree once more.");
        }
        catch (HomelabException e)
        {
            runtime.Healing.ReportTrouble(runtime.Redactor.Redact($"an AI client that a person let in could not be: {e.Id}: {e.Message}"));
            return Refused(request, e.Kind is ErrorKind.Denied or ErrorKind.Refused ? "access_denied" : "server_error", "What a person agreed to could not be used. The log of the program says why.");
        }

        var (code, grant) = mint.Make(GrantKind.Code, TokenMint.NewFamily(), request.Client, request.Client.Level, request.Client.Scope, request.Resource);
        await runtime.Access.Store.AddGrantsAsync([grant with { Redirect = request.Redirect, Challenge = request.Challenge }], CancellationToken.None);
        return Answer(request.Redirect, request.State, request.Origin, [new("code", code)]);
    }

    private static GateRequest Wish(ConsentRequest request, string? approval) => new()
    {
        Operation = Operation,
        Input = new AllowMcpClient.Input
        {
            Client = request.Asked.Client,
            ClaimedName = request.Asked.ClaimedName,
            Level = request.Asked.Level,
            SentTo = request.Asked.SentTo,
            Code = request.Asked.Code,
            Request = request.Id,
        },
        // As the client that it would be: so nobody answers who comes in by its name.
        Caller = new Caller(Face.Mcp, request.Client.Id),
        // Whatever the policy lets run by itself: who comes in is for a person to say.
        AtLeast = Requirement.Ask,
        Approval = approval,
    };

    // RFC 9207: the client learns who answers it.
    private static string Answer(string redirect, string? state, string origin, List<KeyValuePair<string, string?>> answer)
    {
        if (state is not null) answer.Add(new("state", state));
        answer.Add(new("iss", origin));
        return QueryHelpers.AddQueryString(redirect, answer);
    }

    private static string NewCode() => $"{RandomNumberGenerator.GetString(CodeLetters, CodeLength)}-{RandomNumberGenerator.GetString(CodeLetters, CodeLength)}";

    // It counts before anybody is asked: of many that come at once none may find the place of another.
    private void Begin(ConsentRequest request)
    {
        lock (_lock)
        {
            Forget();
            if (_waiting.Count >= Most || _waiting.Values.Count(r => r.Client.Id == request.Client.Id) >= MostOfClient)
            {
                throw new OAuthException(StatusCodes.Status400BadRequest, "temporarily_unavailable", "Questions about this client wait for a person already. Have them answered first, or wait until their time is over.");
            }

            _waiting[request.Id] = request;
        }
    }

    private void Forget()
    {
        var now = runtime.Time.GetUtcNow();
        foreach (var request in _waiting.Values.Where(r => r.ExpiresAt <= now)) Remove(request);
    }

    private void Remove(ConsentRequest request)
    {
        _waiting.TryRemove(request.Id, out _);
        runtime.Access.Consents.Remove(request.Id);
    }
}
