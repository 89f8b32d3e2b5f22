using Homelab.Host.Mcp.Resources;

namespace Homelab.Host.Mcp.Prompts;

/// <summary>Every prompt.</summary>
internal static class PromptCatalog
{
    internal static IReadOnlyList<PromptDefinition> All { get; } =
    [
        new()
        {
            Name = "diagnose", Title = "Find out what is wrong", Description = "Finds out what is wrong with a service, container or machine, by looking alone, and says what should be done.",
            Arguments =
            [
                new("subject", "Subject", "What it is about: a service, a container such as gitea@dev, or a machine.", IsRequired: true)
                {
                    Names = new("network_map", new { noProbe = true }, "name"), IsSubject = true,
                },
                new("symptom", "Symptom", "What was noticed, in a sentence.", IsRequired: false),
            ],
            ResourceUri = static _ => ResourceCatalog.Incidents,
            Opening = "Find out what is wrong with the subject that is named below, in the homelab that these tools are of. Look only: change nothing before the user has agreed to it.",
            Steps =
            [
                "Read the incidents that are attached. Healing may be at work on it already, or may know the cause.",
                "heal_list_incidents with an id tells an incident in full.",
                "network_map shows where it runs and what stands around it. Several things at once usually have one cause below them.",
                "network_check_services asks the services themselves; a status page may be minutes old.",
                "For a container: docker_check_container says whether it runs and is healthy.",
                "docker_container_logs gives its last lines, which mostly say why.",
                "docker_container_stats tells whether it is short of memory or processor.",
                "For a machine: network_ping, then host_memory and host_disk_usage.",
                "For a guest: proxmox_vm_status, then proxmox_list_tasks.",
                "For names: dns_test asks the name server itself.",
                "audit_list with the target shows what was done to it lately, and by whom.",
                "sop_get with name incident-response has the whole procedure.",
            ],
            Closing = "Answer with: what is wrong, since when, what you saw that shows it, what you suggest, and what that would interrupt. Say what you could not find out.",
        },
        new()
        {
            Name = "explain_incident", Title = "Explain an incident", Description = "Tells the story of an incident for a person: what went wrong, why, what was done, and whether it is really back. The newest when no id is given.",
            Arguments =
            [
                new("id", "Incident", "The incident's id. The newest when not given.", IsRequired: false)
                {
                    Names = new("heal_list_incidents", new { last = 200, includeMember = true }, "id"), IsId = true,
                },
            ],
            ResourceUri = static given => given.TryGetValue("id", out var id) ? $"{ResourceCatalog.Incidents}/{id}" : ResourceCatalog.Incidents,
            Opening = "Explain the attached incident of this homelab to the user; where several are attached, the first, which is the newest. Change nothing.",
            Steps =
            [
                "Where only the list is attached: heal_list_incidents with the id gives cause, steps and evidence.",
                "audit_list with run and the incident's id shows each step with what was decided and why.",
                "network_check_services for the service tells whether it is well now.",
                "runbook_list with the runbook's name says what it was meant to do.",
            ],
            Closing = "Answer in the order of time: what was noticed, what the cause was and how sure that is, what was done and by whose leave, how it ended. Then whether it may happen again, and what would prevent it.",
        },
        new()
        {
            Name = "plan_change", Title = "Plan a change", Description = "Plans a change step by step with its risks, the way back and the proof, before anything is done or asked.",
            Arguments = [new("goal", "Goal", "What is to be different afterwards.", IsRequired: true)],
            ResourceUri = static _ => $"{ResourceCatalog.Procedures}/change-with-approval",
            Opening = "Plan the change whose goal is named below, by the attached procedure of this lab. Plan only: do nothing, and ask nobody for approval yet.",
            Steps =
            [
                "network_map and heal_list_incidents show how it is now, and whether healing works on it.",
                "For each step that changes something, heal_explain with the operation and its arguments says whether it may be done, and whether a person must agree.",
                "docker_inspect_container shows the settings of a container to come back to.",
                "proxmox_list_backups shows whether a guest has a backup to come back to.",
                "sop_get lists the lab's other procedures, such as those for sizing and placing.",
            ],
            Closing = "Answer with: how it is now, the steps in order with the tool and arguments of each, which of them need a person, what is interrupted and for how long, the way back from each step, and how it is proved. If a step needs what you are not offered, say so.",
        },
    ];
}
