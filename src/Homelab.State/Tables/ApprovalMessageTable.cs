using System.Text.Json;

namespace Homelab.State;

/// <summary>Questions as they stand on channels, and how far the channels' answers were taken.</summary>
internal static class ApprovalMessageTable
{
    private const string Columns = "approval, channel, nonce, reference, shown, people, is_final";

    internal static ApprovalMessage? Find(Database database, string approval, string channel)
    {
        using var row = database.Use($"SELECT {Columns} FROM approval_messages WHERE approval = ? AND channel = ?").Add(approval).Add(channel);
        return row.Step() ? Read(row) : null;
    }

    internal static ApprovalMessage? FindByNonce(Database database, string channel, string nonce)
    {
        using var row = database.Use($"SELECT {Columns} FROM approval_messages WHERE nonce = ? AND channel = ?").Add(nonce).Add(channel);
        return row.Step() ? Read(row) : null;
    }

    internal static IReadOnlyList<ApprovalMessage> ListOpen(Database database, string channel)
    {
        using var row = database.Use($"SELECT {Columns} FROM approval_messages WHERE channel = ? AND is_final = 0 ORDER BY approval").Add(channel);
        var messages = new List<ApprovalMessage>();
        while (row.Step()) messages.Add(Read(row));
        return messages;
    }

    internal static void Save(Database database, ApprovalMessage message)
    {
        using var statement = database.Use(
            $"""
            INSERT INTO approval_messages ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (approval, channel) DO UPDATE SET
                nonce = excluded.nonce, reference = excluded.reference, shown = excluded.shown, is_final = excluded.is_final
            """);
        statement
            .Add(message.Approval).Add(message.Channel).Add(message.Nonce).Add(message.Reference).Add(message.Shown)
            .Add(JsonSerializer.Serialize(message.People)).Add(message.IsFinal)
            .Run();
    }

    internal static void SavePeople(Database database, string approval, string channel, IReadOnlyDictionary<string, string> people)
    {
        using var statement = database.Use("UPDATE approval_messages SET people = ? WHERE approval = ? AND channel = ?");
        statement.Add(JsonSerializer.Serialize(people)).Add(approval).Add(channel).Run();
    }

    internal static string? FindCursor(Database database, string channel)
    {
        using var row = database.Use("SELECT cursor FROM approval_channels WHERE channel = ?").Add(channel);
        return row.Step() ? row.TextOrNull() : null;
    }

    internal static void SaveCursor(Database database, string channel, string cursor)
    {
        using var statement = database.Use("INSERT INTO approval_channels (channel, cursor) VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET cursor = excluded.cursor");
        statement.Add(channel).Add(cursor).Run();
    }

    /// <summary>The process that speaks with people on a channel, and when it last said so.</summary>
    internal static (string? Owner, DateTimeOffset? Seen) FindOwner(Database database, string channel)
    {
        using var row = database.Use("SELECT owner, seen_at FROM approval_channels WHERE channel = ?").Add(channel);
        return row.Step() ? (row.TextOrNull(), row.MomentOrNull()) : default;
    }

    internal static void SetOwner(Database database, string channel, string owner, DateTimeOffset now)
    {
        using var statement = database.Use("INSERT INTO approval_channels (channel, owner, seen_at) VALUES (?, ?, ?) ON CONFLICT (channel) DO UPDATE SET owner = excluded.owner, seen_at = excluded.seen_at");
        statement.Add(channel).Add(owner).Add(now).Run();
    }

    private static ApprovalMessage Read(Statement row) => new()
    {
        Approval = row.Text(),
        Channel = row.Text(),
        Nonce = row.Text(),
        Reference = row.TextOrNull(),
        Shown = row.Text(),
        People = ReadPeople(row),
        IsFinal = row.Flag(),
    };

    private static Dictionary<string, string> ReadPeople(Statement row)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(row.Text()) ?? [];
        }
        catch (JsonException e)
        {
            throw row.Odd(e.Message);
        }
    }
}
