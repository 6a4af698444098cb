import { nameOf } from "@atelier/arm";
import { list } from "@atelier/data";
import type { PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { PageFrame, Stack, Wizard } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { hrefOf, type Place } from "../../shell/place.ts";
import { usePrincipals } from "../../shell/principals.ts";
import { Members } from "./members.tsx";
import { Review } from "./review.tsx";
import { Roles } from "./roles.tsx";

/** Page is the wizard that gives a role to people, groups and programs: role, members, review. */
export function Page({ place }: PageProps<Place>) {
  const roles = useQuery(list("roleDefinitions", place.id));
  const principals = usePrincipals();
  const [roleId, setRoleId] = useState("");
  const [members, setMembers] = useState<readonly string[]>([]);
  const role = roles.data?.find((each) => each.id === roleId);
  const chosen = principals.all.filter((each) => members.includes(each.id));
  return (
    <PageFrame
      title={say(msg("screen.add-assignment", "Add role assignment"))}
      within={nameOf(place.id)}
      lead={say(msg("assign.lead", "The role counts in {scope} and in everything below it."), { scope: nameOf(place.id) })}
    >
      <Stack form>
        <Wizard
          label={say(msg("assign.steps", "Steps"))}
          cancel={hrefOf(place.id, "iam")}
          steps={[
            {
              title: say(msg("assign.role", "Role")),
              blocked: role === undefined,
              show: (tried) => <Roles answer={roles} chosen={roleId} choose={setRoleId} missing={tried && !role} />,
            },
            {
              title: say(msg("assign.members", "Members")),
              blocked: chosen.length === 0,
              show: (tried) => (
                <Members principals={principals} chosen={members} choose={setMembers} missing={tried && chosen.length === 0} />
              ),
            },
            {
              title: say(msg("assign.review", "Review + assign")),
              blocked: false,
              show: (_, leave) => role && <Review leave={leave} scope={place.id} role={role} members={chosen} />,
            },
          ]}
        />
      </Stack>
    </PageFrame>
  );
}
